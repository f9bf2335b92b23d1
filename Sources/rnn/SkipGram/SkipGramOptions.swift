import ArgumentParser
import RecurrentTasks

/// What a skip-gram model is.
struct SkipGramOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Width of a word's vector (default: 100).")
    var embeddingSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Largest distance of a word and its context; each word draws its own from 1 to this (default: 5).")
    var window: Int?

    @Option(parsing: .unconditional, help: "Words drawn against every word of a context (default: 5).")
    var negatives: Int?

    @Option(
        parsing: .unconditional,
        help: "Words of a larger share of the text are left out at random now and then; 0 for none (default: 0.001).")
    var subsampling: Double?

    @Option(parsing: .unconditional, help: "How often a word must occur to have a vector (default: 5).")
    var minCount: Int?

    @Option(
        parsing: .unconditional, help: "Words that have a vector at most, the most frequent ones (default: 100000).")
    var vocabularyLimit: Int?

    @Option(parsing: .unconditional, help: "Pairs of words of a batch, on average (default: 1024).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    @OptionGroup var division: ValidationOptions

    func apply(to configuration: inout SkipGramConfiguration) {
        configuration.set(\.embeddingSize, embeddingSize)
        configuration.set(\.window, window)
        configuration.set(\.negatives, negatives)
        configuration.set(\.subsampling, subsampling)
        configuration.set(\.minimumCount, minCount)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.batchSize, batchSize)
        configuration.set(\.seed, seed)
        division.apply(to: &configuration)
    }
}
