import ArgumentParser
import RecurrentTasks

/// What a translator is trained on, and how.
struct TranslateOptions: ParsableArguments {
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

    func apply(to configuration: inout TranslateConfiguration) {
        configuration.set(\.usesBuckets, buckets)
        if let samples { configuration.samples = samples }
        configuration.set(\.maximumTokens, maxTokens)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.minimumCount, minimumCount)
        division.apply(to: &configuration)
    }
}
