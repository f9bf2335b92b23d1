import Recurrent
import RecurrentTraining

/// A model that writes by hand, and how it is trained. Stored in the run.
public struct HandwritingConfiguration: DividedConfiguration {
    /// `handwriting`.
    public static let taskName = "handwriting"

    /// The file or directory with drawings, or with lines and their texts; nil for lines that are composed.
    public var data: String?
    /// Whether the model writes a text that it is given. Otherwise it draws what drawings are like.
    public var writesText = false
    /// A Hershey font (.jhf) that lines are composed from; nil for the built-in letters.
    public var font: String?
    /// The number of composed lines.
    public var lines = 6000
    /// The number of hidden units of a layer.
    public var hiddenSize = 400
    /// The number of layers.
    public var layers = 3
    /// The number of Gaussians of a mixture.
    public var mixtures = 20
    /// The number of the window's curves.
    public var windowComponents = 10
    /// The number of drawings of a batch.
    public var batchSize = 32
    /// The most movements of a drawing: longer ones are cut into pieces, or left out where they have a text.
    public var sequenceLength = 200
    /// The distance of the points that drawings are drawn again with, in the data's units; 0 keeps them as they are.
    public var pointSpacing = 0.0
    /// How many steps the window rests on a character at first.
    public var stepsPerCharacter: Float = 15
    /// How the model learns.
    public var optimization = Optimization(learningRate: 1e-3)
    /// The share of the drawings that are held back for validation.
    public var validationFraction = 0.1
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The paper's prediction network, 3 x 400 units and 20 Gaussians, by Adam at 0.001 in batches of 32.
    public init() {}

    /// What writes a text: 2 x 128 units, by Adam at 0.003.
    public static var synthesis: HandwritingConfiguration {
        var configuration = HandwritingConfiguration()
        configuration.writesText = true
        configuration.hiddenSize = 128
        configuration.layers = 2
        configuration.optimization.learningRate = 3e-3
        return configuration
    }

    /// The layers, which read movements, what is seen of the text, and the layer below.
    var stack: RecurrentStack { RecurrentStack(.lstm, hiddenSize: hiddenSize, layers: layers) }

    /// Checks every number.
    public func validate() throws {
        guard font == nil || (writesText && data == nil) else {
            throw RecurrentError("`font` is for lines that are composed: with `writesText`, and without `data`")
        }
        try Setting("`lines`", lines).require(in: 2...10_000_000)
        try Setting("`hiddenSize`", hiddenSize).require(in: 1...65_536)
        try Setting("`layers`", layers).require(in: 1...64)
        try Setting("`mixtures`", mixtures).require(in: 1...10_000)
        try Setting("`windowComponents`", windowComponents).require(in: 1...10_000)
        try Setting("`batchSize`", batchSize).require(in: 1...1_000_000)
        try Setting("`sequenceLength`", sequenceLength).require(in: 2...1_000_000)
        try Setting("`pointSpacing`", pointSpacing).require(
            pointSpacing >= 0 && pointSpacing.isFinite, "0 (points as they are) or more")
        try Setting("`stepsPerCharacter`", stepsPerCharacter).require(
            stepsPerCharacter > 0 && stepsPerCharacter <= 10_000, "more than 0 and at most 10,000")
        try optimization.validate()
        try validateDivision()
    }
}
