import ArgumentParser
import RecurrentTasks

/// `rnn train translate`.
struct TrainTranslateCommand: TrainTaskCommand {
    typealias Task = TranslateTask

    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Trains a model that translates sentences.",
        discussion: """
            --data is a file of lines with a sentence, a tab, and its translation; what follows another tab does not \
            matter. Sentences are read in small letters, words and punctuation apart. They are divided by distinct \
            source sentence, so that none that the result is evaluated on is trained on. The epoch with the lowest loss on \
            the validation part is kept; the BLEU of its translations of the test part is printed at the end.

            \(LayerOptions.defaults(TranslateConfiguration())) --embedding-size 128, --attention general, 8 epochs.
            """)

    @Option(help: "A file of pairs of sentences.")
    var data: String

    @Option(parsing: .unconditional, help: "The column of the sentences that are translated, from 1 (default: 1).")
    var sourceColumn: Int?

    @Option(parsing: .unconditional, help: "The column of their translations (default: 2).")
    var targetColumn: Int?

    @OptionGroup var network: EncoderDecoderOptions
    @OptionGroup var translate: TranslateOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: TranslateConfiguration?) -> TranslateConfiguration {
        var configuration = TranslateConfiguration()
        if let initial {
            configuration.network = initial.network
            configuration.maximumTokens = initial.maximumTokens
            configuration.sourceColumn = initial.sourceColumn
            configuration.targetColumn = initial.targetColumn
        }
        configuration.data = RunOptions.absolutePath(data)
        if let sourceColumn { configuration.sourceColumn = sourceColumn }
        if let targetColumn { configuration.targetColumn = targetColumn }
        network.apply(to: &configuration)
        translate.apply(to: &configuration)
        return configuration
    }
}
