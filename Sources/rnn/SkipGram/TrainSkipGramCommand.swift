import ArgumentParser
import Recurrent
import RecurrentTasks

/// `rnn train skip-gram`.
struct TrainSkipGramCommand: TrainTaskCommand {
    typealias Task = SkipGramTask

    static let configuration = CommandConfiguration(
        commandName: "skip-gram", abstract: "Trains word vectors by skip-gram with negative sampling.",
        discussion: """
            Words that occur near like words get like vectors (Mikolov et al. 2013). The text is read in small letters; \
            its words are letters and digits, and what stands between is left out. Afterwards `rnn predict RUN WORD` \
            shows a word's neighbours, and `rnn export RUN` writes the vectors for other programs.

            Adam at \(Console.short(SkipGramConfiguration().optimization.learningRate)) on the rows that a batch looks \
            up, 10 epochs.
            """)

    @Option(help: "A text file (UTF-8).")
    var data: String

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
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SkipGramConfiguration?) -> SkipGramConfiguration {
        var configuration = SkipGramConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        configuration.set(\.embeddingSize, embeddingSize ?? initial?.embeddingSize)
        configuration.set(\.window, window)
        configuration.set(\.negatives, negatives)
        configuration.set(\.subsampling, subsampling)
        configuration.set(\.minimumCount, minCount)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.batchSize, batchSize)
        configuration.set(\.seed, seed)
        division.apply(to: &configuration)
        return configuration
    }

    static func runName(_ configuration: SkipGramConfiguration) -> String {
        "skip-gram-\(configuration.embeddingSize)"
    }
}
