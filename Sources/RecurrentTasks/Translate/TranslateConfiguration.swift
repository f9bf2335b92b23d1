import Recurrent
import RecurrentData
import RecurrentTraining

/// What a translator is and how it is trained: everything that decides the result. Stored in the run.
public struct TranslateConfiguration: EncoderDecoderTaskConfiguration, SeparableConfiguration {
    /// `translate`.
    public static let taskName = "translate"

    /// The file of pairs of sentences.
    public var data: String?
    /// How its bytes stand for characters, where that is not found out.
    public var encoding: TextEncoding?
    /// The column of the sentences that are translated, from 1.
    public var sourceColumn = 1
    /// The column of their translations, from 1.
    public var targetColumn = 2
    /// The most words, punctuation marks among them, of a sentence; pairs with longer ones are left out.
    public var maximumTokens = 10
    /// The most tokens of either vocabulary, the special ones among them.
    public var vocabularyLimit = 8000
    /// How often a word must occur to be in a vocabulary.
    public var minimumCount = 1
    /// The encoder and decoder.
    public var network: EncoderDecoderConfiguration
    /// The number of tokens that a training step draws for a sampled softmax; nil for a softmax over all.
    public var samples: Int?
    /// The number of pairs of a batch.
    public var batchSize = 64
    /// Whether batches are of pairs of like lengths.
    public var usesBuckets = true
    /// How the model learns.
    public var optimization = Optimization(learningRate: 2e-3, gradientNormBound: 5)
    /// The file of the pairs that choose the best epoch; nil for a share of the data.
    public var validationData: String?
    /// The file of the pairs that the result is evaluated on; nil for a share of the data.
    public var testData: String?
    /// The share of the distinct source sentences for validation.
    public var validationFraction = 0.02
    /// The share of the distinct source sentences for the test.
    public var testFraction = 0.1
    /// The seed of all that is random, the division of the sentences too.
    public var seed: UInt64 = 1

    /// One layer of 256 LSTM units each, words' vectors of 128 numbers, Luong's general attention.
    public init() {
        network = EncoderDecoderConfiguration()
        network.hiddenSize = 256
        network.embeddingSize = 128
        network.attention = .general
    }

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        try network.validate()
        try Setting("`sourceColumn`", sourceColumn).require(in: 1...10_000)
        try Setting("`targetColumn`", targetColumn).require(in: 1...10_000)
        guard sourceColumn != targetColumn else {
            throw RecurrentError("`sourceColumn` and `targetColumn` are both \(sourceColumn); expected two columns")
        }
        try Setting("`maximumTokens`", maximumTokens).require(in: 1...10_000)
        try Setting("`vocabularyLimit`", vocabularyLimit).require(in: 5...100_000_000)
        try Setting("`minimumCount`", minimumCount).require(in: 1...1_000_000_000)
        if let samples { try Setting("`samples`", samples).require(in: 1...vocabularyLimit) }
        try validateDivision()
    }
}
