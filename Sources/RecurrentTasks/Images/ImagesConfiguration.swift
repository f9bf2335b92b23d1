import Recurrent
import RecurrentTraining

/// A model that reads a picture row by row, and how it is trained. Stored in the run.
public struct ImagesConfiguration: LayeredConfiguration, DividedConfiguration {
    /// `images`.
    public static let taskName = "images"

    /// The directory with the pictures and labels.
    public var data: String?
    /// The kind of recurrent cell.
    public var cell = CellKind.rnn
    /// The number of hidden units of a layer.
    public var hiddenSize = 150
    /// The number of layers.
    public var layers = 1
    /// The number of pictures of a batch.
    public var batchSize = 150
    /// How the model learns.
    public var optimization = Optimization(learningRate: 1e-3)
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// The share of the training pictures, at their beginning, that are held back to choose the best epoch: 5,000 of
    /// MNIST's 60,000, those that TensorFlow's reader held back.
    public var validationFraction = 1.0 / 12
    /// The name of the initialiser of the weights.
    public var initializer = "glorot-uniform"
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The notes' model: 150 tanh units, batches of 150, Adam at 0.001.
    public init() {}

    /// The layers, all of whose weights begin as the initialiser says.
    public var stack: RecurrentStack {
        var stack = RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers, dropout: dropout)
        stack.inputInitializer = Initializer.checked(initializer, hiddenSize: hiddenSize)
        stack.recurrentInitializer = stack.inputInitializer
        return stack
    }

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        try validateDivision()
        _ = try Initializer.named(initializer, hiddenSize: hiddenSize)
    }
}
