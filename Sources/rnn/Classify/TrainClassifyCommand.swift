import ArgumentParser
import Recurrent
import RecurrentTasks

/// `rnn train classify`.
struct TrainClassifyCommand: TrainTaskCommand {
    typealias Task = ClassifyTask

    static let configuration = CommandConfiguration(
        commandName: "classify", abstract: "Trains a model that gives texts a label.",
        discussion: """
            --data is a directory with a file of texts for each label (French.txt, ...), a file of text, tab and label, \
            a directory of these, or a CSV file. Every class is divided in the same shares for training, validation and \
            test; a class of one text is trained and never tested. Rare classes are not weighted. The epoch with the \
            best accuracy on the validation part is kept, and evaluated on the test part at the end.

            \(LayerOptions.defaults(ClassifyConfiguration())) 12 epochs. The notes have 512 hidden units.
            """)

    @Option(help: "A directory or file of labelled texts.")
    var data: String

    @Option(help: "The column of the texts, by its name or number (default: text; with tabs, as the columns look).")
    var textColumn: String?

    @Option(help: "The column of the labels, by its name or number (default: label; with tabs, as the columns look).")
    var labelColumn: String?

    @OptionGroup var layers: LayerOptions
    @OptionGroup var classify: ClassifyOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: ClassifyConfiguration?) -> ClassifyConfiguration {
        var configuration = ClassifyConfiguration()
        if let initial {
            configuration.level = initial.level
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.embeddingSize = initial.embeddingSize
            configuration.sequenceLength = initial.sequenceLength
        }
        configuration.data = RunOptions.absolutePath(data)
        configuration.textColumn = textColumn
        configuration.labelColumn = labelColumn
        layers.apply(to: &configuration)
        classify.apply(to: &configuration)
        return configuration
    }

    func checkOptions() throws {
        guard classify.embeddingSize == nil || classify.level == .word || training.target.initFrom != nil else {
            throw ValidationError("--embedding-size is given, but only words have vectors: expected --level word")
        }
    }
}
