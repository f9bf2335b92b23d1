import ArgumentParser
import Recurrent
import RecurrentData
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

    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: byte).")
    var level: TokenLevel?

    @Option(parsing: .unconditional, help: "Width of a word's vector, with --level word (default: 128).")
    var embeddingSize: Int?

    @Option(parsing: .unconditional, help: "Tokens after which a text is cut (default: 256).")
    var seqLength: Int?

    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: ClassifyConfiguration?) -> ClassifyConfiguration {
        var configuration = ClassifyConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        (configuration.textColumn, configuration.labelColumn) = (textColumn, labelColumn)
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.level, level ?? initial?.level)
        configuration.set(\.embeddingSize, embeddingSize ?? initial?.embeddingSize)
        configuration.set(\.sequenceLength, seqLength ?? initial?.sequenceLength)
        division.apply(to: &configuration)
        return configuration
    }

    func checkOptions() throws {
        guard embeddingSize == nil || level == .word || training.target.initFrom != nil else {
            throw ValidationError("--embedding-size is given, but only words have vectors: expected --level word")
        }
    }
}
