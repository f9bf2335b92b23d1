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

    @Option(
        parsing: .unconditional, help: "Share of the distinct sentences that chooses the best epoch (default: 0.02).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Share of the distinct sentences that judges the result (default: 0.1).")
    var testFraction: Double?

    func apply(to configuration: inout TranslateConfiguration) {
        func set<Value>(_ path: WritableKeyPath<TranslateConfiguration, Value>, _ value: Value?) {
            if let value { configuration[keyPath: path] = value }
        }
        set(\.usesBuckets, buckets)
        if let samples { configuration.samples = samples }
        set(\.maximumTokens, maxTokens)
        set(\.vocabularyLimit, vocabularyLimit)
        set(\.minimumCount, minimumCount)
        set(\.validationFraction, valFraction)
        set(\.testFraction, testFraction)
    }
}
