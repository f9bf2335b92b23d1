/// What a text model is and how it is trained: everything that decides the result. Stored in the run.
public struct TextConfiguration: Codable, Sendable, Equatable {
    /// What a token is.
    public enum Level: String, Codable, Sendable, CaseIterable {
        /// A Unicode scalar.
        case character
        /// A byte.
        case byte
    }

    /// The kind of recurrent cell.
    public enum Cell: String, Codable, Sendable, CaseIterable {
        /// Long short-term memory.
        case lstm
        /// The gated recurrent unit, reset gate after the product.
        case gru
        /// The basic recurrent network.
        case rnn
    }

    /// How batches are made of the text.
    public enum Batching: String, Codable, Sendable {
        /// Parallel streams in windows, with the state carried from window to window.
        case streams
        /// All windows of the text in one batch, each from a zero state: the notes' way with their own sentence.
        case windows
    }

    /// The task's name in the run's configuration.
    public var task = "text"
    /// The file the model is trained on; nil for the notes' sentence.
    public var data: String?
    /// What a token is.
    public var level = Level.character
    /// The kind of recurrent cell.
    public var cell = Cell.lstm
    /// The number of hidden units of a layer.
    public var hiddenSize = 128
    /// The number of layers.
    public var layers = 2
    /// The number of steps of a window.
    public var sequenceLength = 50
    /// The number of parallel streams.
    public var batchSize = 50
    /// How batches are made.
    public var batching = Batching.streams
    /// Adam's learning rate.
    public var learningRate: Float = 2e-3
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// The bound of the gradients' global norm; 0 for none.
    public var gradientNormBound: Float = 5
    /// The bound of every element of the gradients; 0 for none.
    public var gradientValueBound: Float = 0
    /// The share of the text, at its end, for validation.
    public var validationFraction = 0.05
    /// Added to the net input of an LSTM's forget gate. On texts a bias of 1 learns more slowly: after ten passes over
    /// tinyshakespeare the validation loss is 1.74 with it, and 1.63 without.
    public var forgetBias: Float = 0
    /// The name of the initialiser of the weights.
    public var initializer = "glorot-uniform"
    /// What all that is random follows from.
    public var seed: UInt64 = 1

    /// The defaults for a text of one's own.
    public init() {}

    /// The notes' sentence.
    public static let sentence =
        "if you want to build a ship, don't drum up people together to collect wood and don't assign them tasks and "
        + "work, but rather teach them to long for the endless immensity of the sea."

    /// The notes' recipe for their sentence: windows of 10, all in one batch, hidden layers as wide as the vocabulary,
    /// Adam at 0.1, nothing clipped, no validation.
    public static let notesRecipe: TextConfiguration = {
        var recipe = TextConfiguration()
        recipe.hiddenSize = Set(sentence.unicodeScalars).count
        recipe.sequenceLength = 10
        recipe.batchSize = sentence.unicodeScalars.count - recipe.sequenceLength
        recipe.batching = .windows
        recipe.learningRate = 0.1
        recipe.forgetBias = 1
        recipe.gradientNormBound = 0
        recipe.validationFraction = 0
        return recipe
    }()

    /// Checks every number.
    ///
    /// - Throws: `RecurrentError` naming the option by its name on the command line, its value and what is expected.
    public func validate() throws {
        func whole(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw RecurrentError(
                    "\(option) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
            }
        }
        func number(_ option: String, _ value: some BinaryFloatingPoint, _ isValid: Bool, _ expected: String) throws {
            guard isValid else { throw RecurrentError("\(option) is \(value); expected \(expected)") }
        }
        try whole("--rnn-size", hiddenSize, 1...65_536)
        try whole("--num-layers", layers, 1...100)
        try whole("--seq-length", sequenceLength, 1...1_000_000)
        try whole("--batch-size", batchSize, 1...1_000_000)
        try number(
            "--learning-rate", learningRate, learningRate > 0 && learningRate <= 1000,
            "more than 0 and at most 1000")
        try number("--dropout", dropout, dropout >= 0 && dropout < 1, "0 or more and less than 1")
        try number(
            "--grad-clip", gradientNormBound, gradientNormBound >= 0 && gradientNormBound.isFinite,
            "0 (no clipping) or more")
        try number(
            "--grad-clip-value", gradientValueBound, gradientValueBound >= 0 && gradientValueBound.isFinite,
            "0 (no clipping) or more")
        try number("--forget-bias", forgetBias, abs(forgetBias) <= 100, "-100 to 100")
        guard gradientNormBound == 0 || gradientValueBound == 0 else {
            throw RecurrentError(
                "--grad-clip is \(gradientNormBound) and --grad-clip-value is \(gradientValueBound); set one of them to 0"
            )
        }
        try number(
            "--val-fraction", validationFraction, validationFraction >= 0 && validationFraction < 1,
            "0 or more and less than 1")
        _ = try Initializer.named(initializer, hiddenSize: hiddenSize)
    }

    /// The initialiser of the weights. The configuration has been validated.
    var weightInitializer: Initializer {
        guard let found = try? Initializer.named(initializer, hiddenSize: hiddenSize) else {
            fatalError("there is no initialiser \(initializer): validate() says so")
        }
        return found
    }

    /// How gradients are bounded.
    public var clipping: GradientClipping {
        if gradientValueBound > 0 { return .value(gradientValueBound) }
        return gradientNormBound > 0 ? .globalNorm(gradientNormBound) : .none
    }

    /// Bytes that training will need, roughly: parameters with their gradients, moments and packed forms, and the
    /// activations of a step.
    public func estimatedBytes(vocabularySize: Int) -> Double {
        let gates = cell == .lstm ? 4.0 : cell == .gru ? 3.0 : 1.0
        let hidden = Double(hiddenSize)
        let vocabulary = Double(vocabularySize)
        let recurrent = gates * hidden * (hidden + vocabulary + 2 * hidden * Double(layers - 1) + Double(layers))
        let parameters = recurrent + hidden * vocabulary
        let perStep = hidden * (2 * gates + 4) * Double(layers) + 3 * vocabulary
        return 4 * (8 * parameters + perStep * Double(sequenceLength) * Double(batchSize))
    }
}
