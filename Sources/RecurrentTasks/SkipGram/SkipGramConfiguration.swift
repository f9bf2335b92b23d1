import Recurrent
import RecurrentData
import RecurrentTraining

/// What a skip-gram model is and how it is trained: everything that decides the result. Stored in the run.
public struct SkipGramConfiguration: DividedConfiguration {
    /// `skip-gram`.
    public static let taskName = "skip-gram"

    /// The file of the text.
    public var data: String?
    /// How its bytes stand for characters, where that is not found out.
    public var encoding: TextEncoding?
    /// The number of elements of a word's vector.
    public var embeddingSize = 100
    /// The largest distance of a word and its context; every word draws its own, from 1 to this.
    public var window = 5
    /// The number of words drawn against every word of a context.
    public var negatives = 5
    /// Words of a larger share of the text are left out at random, all the more the more frequent they are; 0 for none.
    public var subsampling = 1e-3
    /// How often a word must occur to have a vector.
    public var minimumCount = 5
    /// How many words, the most frequent ones, have a vector.
    public var vocabularyLimit = 100_000
    /// The number of pairs of words of a batch, on average.
    public var batchSize = 1024
    /// How the model learns.
    public var optimization = Optimization(learningRate: 5e-3)
    /// The share of the text, at its end, for validation.
    public var validationFraction = 0.05
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// Checks every number.
    public func validate() throws {
        try Setting("`embeddingSize`", embeddingSize).require(in: 1...65_536)
        try Setting("`window`", window).require(in: 1...1000)
        try Setting("`negatives`", negatives).require(in: 1...1000)
        try Setting("`subsampling`", subsampling).require(subsampling >= 0 && subsampling <= 1, "0 to 1")
        try Setting("`minimumCount`", minimumCount).require(in: 1...1_000_000_000)
        try Setting("`vocabularyLimit`", vocabularyLimit).require(in: 2...100_000_000)
        try Setting("`batchSize`", batchSize).require(in: 1...1_000_000)
        try optimization.validate()
        try validateDivision()
    }
}
