import Recurrent
import RecurrentTraining

/// What a model of melodies is and how it is trained: everything that decides the result. Stored in the run.
public struct MelodyConfiguration: LayeredConfiguration, SeparableConfiguration {
    /// `melody`.
    public static let taskName = "melody"

    /// The JSON file of pieces; nil for tunes from a grammar.
    public var data: String?
    /// The kind of recurrent cell.
    public var cell = CellKind.lstm
    /// The number of hidden units of a layer.
    public var hiddenSize = 128
    /// The number of layers.
    public var layers = 1
    /// The number of time steps after which a piece is cut for training.
    public var sequenceLength = 200
    /// The number of pieces of a batch.
    public var batchSize = 8
    /// How the model learns.
    public var optimization = Optimization(learningRate: 5e-3, gradientNormBound: 5)
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// The JSON file of the pieces that choose the best epoch; nil for a share of the data.
    public var validationData: String?
    /// The JSON file of the pieces that the result is evaluated on; nil for a share of the data.
    public var testData: String?
    /// The share of the pieces for validation, unless the file divides them.
    public var validationFraction = 0.1
    /// The share of the pieces for the test, unless the file divides them.
    public var testFraction = 0.1
    /// The seed of all that is random, the division of the pieces too.
    public var seed: UInt64 = 1

    /// How many tunes are made where there is no file.
    package static let generatedCount = 400

    /// The defaults.
    public init() {}

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        try Setting("`sequenceLength`", sequenceLength).require(in: 1...1_000_000)
        try validateDivision()
    }
}
