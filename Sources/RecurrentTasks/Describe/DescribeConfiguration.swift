import Recurrent
import RecurrentData
import RecurrentTraining

/// A model that writes the name of what a picture shows, and how it is trained. Stored in the run.
public struct DescribeConfiguration: RecurrentConfiguration, DividedConfiguration {
    /// `describe`.
    public static let taskName = "describe"

    /// The directory with the pictures and labels.
    public var data: String?
    /// A file with the name of a class a line; nil for the English names of the digits.
    public var names: String?
    /// The kind of recurrent cell.
    public var cell = CellKind.gru
    /// The number of hidden units.
    public var hiddenSize = 128
    /// The number of pictures of a batch.
    public var batchSize = 100
    /// How the model learns.
    public var optimization = Optimization(learningRate: 1e-3)
    /// The share of the training pictures, at their beginning, that are held back to choose the best epoch: 5,000 of
    /// MNIST's 60,000, as in the task `images`.
    public var validationFraction = 1.0 / 12
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// 128 GRU units, batches of 100, Adam at 0.001.
    public init() {}

    /// The layer that reads letters.
    var stack: RecurrentStack { RecurrentStack(cell, hiddenSize: hiddenSize) }

    /// Checks every number.
    public func validate() throws {
        try validateCell()
        try validateDivision()
    }
}

/// What a describing model needs to know of its training data.
public struct DescribePreparation: Codable, Sendable, Equatable {
    /// The pictures' size, and the number of classes.
    package let images: ImagesPreparation
    /// The classes' names.
    package let names: ClassNames

    /// The number of pixels of a picture.
    package var pixels: Int { images.rows * images.columns }
}
