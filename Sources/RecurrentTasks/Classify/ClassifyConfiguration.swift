import Recurrent
import RecurrentData
import RecurrentTraining

/// What a classifier of texts is and how it is trained: everything that decides the result. Stored in the run.
public struct ClassifyConfiguration: LayeredConfiguration, SeparableConfiguration {
    /// `classify`.
    public static let taskName = "classify"

    /// The directory or file of labelled texts.
    public var data: String?
    /// How its bytes stand for characters, where that is not found out.
    public var encoding: TextEncoding?
    /// The column of the texts, by name or number; found out where nil.
    public var textColumn: String?
    /// The column of the labels, by name or number; found out where nil.
    public var labelColumn: String?
    /// What a token is: characters and bytes of ASCII are one-hot, and words have learned vectors.
    public var level = TokenLevel.byte
    /// The kind of recurrent cell.
    public var cell = CellKind.lstm
    /// The number of hidden units of a layer.
    public var hiddenSize = 128
    /// The number of layers in each direction.
    public var layers = 3
    /// The width of a word's vector.
    public var embeddingSize = 128
    /// The number of tokens after which a text is cut.
    public var sequenceLength = 256
    /// The number of texts of a batch.
    public var batchSize = 64
    /// How the model learns.
    public var optimization = Optimization(learningRate: 2e-3, gradientNormBound: 5)
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// The directory or file of the texts that choose the best epoch; nil for a share of the data.
    public var validationData: String?
    /// The directory or file of the texts that the result is evaluated on; nil for a share of the data.
    public var testData: String?
    /// The share of every class for validation.
    public var validationFraction = 0.1
    /// The share of every class for the test.
    public var testFraction = 0.1
    /// The seed of all that is random, the division of the texts too.
    public var seed: UInt64 = 1

    /// The defaults: the notes' network with 128 hidden units.
    public init() {}

    /// The columns of texts and labels, where they are chosen.
    package var columns: LabelledTexts.Columns? {
        guard let textColumn, let labelColumn else { return nil }
        return LabelledTexts.Columns(text: textColumn, label: labelColumn)
    }

    /// The width of the vectors of a vocabulary's tokens; nil where they are one-hot.
    func embeddingWidth(_ vocabulary: TextVocabulary) -> Int? { vocabulary.level == .word ? embeddingSize : nil }

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        try Setting("`embeddingSize`", embeddingSize).require(in: 1...65_536)
        try Setting("`sequenceLength`", sequenceLength).require(in: 1...1_000_000)
        try validateDivision()
        guard (textColumn == nil) == (labelColumn == nil) else {
            throw RecurrentError("only one of `textColumn` and `labelColumn` is given; expected both, or none")
        }
    }
}
