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

    @Flag(
        inversion: .prefixedNo,
        help: "Batches are of pairs of like lengths, so that little is padding (default: yes).")
    var buckets: Bool?

    @Option(
        name: .customLong("sampled-softmax"), parsing: .unconditional,
        help: "Tokens that a training step draws to stand for all others (default: it computes all).")
    var samples: Int?

    @Option(
        parsing: .unconditional,
        help: "Words of a sentence, punctuation marks too; longer ones are left out (default: 10).")
    var maxTokens: Int?

    @Option(parsing: .unconditional, help: "Tokens of either vocabulary; rarer words are <unk> (default: 8000).")
    var vocabularyLimit: Int?

    @Option(
        name: [.customLong("min-count"), .customLong("minimum-count")], parsing: .unconditional,
        help: "How often a word must occur to be in a vocabulary (default: 1).")
    var minimumCount: Int?

    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: TranslateConfiguration?) -> TranslateConfiguration {
        var configuration = TranslateConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        configuration.set(\.sourceColumn, sourceColumn ?? initial?.sourceColumn)
        configuration.set(\.targetColumn, targetColumn ?? initial?.targetColumn)
        network.apply(to: &configuration, from: initial)
        configuration.set(\.usesBuckets, buckets)
        configuration.samples = samples
        configuration.set(\.maximumTokens, maxTokens ?? initial?.maximumTokens)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.minimumCount, minimumCount)
        division.apply(to: &configuration)
        return configuration
    }
}
