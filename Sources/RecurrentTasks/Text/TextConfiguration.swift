import Recurrent
import RecurrentData
import RecurrentTraining

/// What a text model is and how it is trained: everything that decides the result. Stored in the run.
public struct TextConfiguration: LayeredConfiguration, SeparableConfiguration {
    /// `text`.
    public static let taskName = "text"

    /// How batches are made of the text.
    public enum Batching: String, Codable, Sendable {
        /// Parallel streams in windows, with the state carried from window to window.
        case streams
        /// All windows of the text in one batch, each from a zero state: the notes' way with their own sentence.
        case windows
    }

    /// The file the model is trained on; nil for the notes' sentence.
    public var data: String?
    /// How the bytes of its files stand for characters, where that is not found out.
    public var encoding: TextEncoding?
    /// What a token is.
    public var level = TokenLevel.character
    /// What separates words, where tokens are words.
    public var wordSeparator = WordSplitting.Separator.punctuation
    /// The largest number of words, with the unknown one; nil for 10,000. Only words have a limit.
    public var vocabularyLimit: Int?
    /// The width of the learned vectors that stand for tokens; nil for 128 with words, and for one-hot tokens else.
    public var embeddingSize: Int?
    /// The kind of recurrent cell.
    public var cell = CellKind.lstm
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
    /// How the model learns.
    public var optimization = Optimization(learningRate: 2e-3, gradientNormBound: 5)
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// The text that chooses the best weights; nil for a share of the data.
    public var validationData: String?
    /// The text that the result is evaluated on; nil for a share of the data.
    public var testData: String?
    /// The share of the text, before that for the test, for validation.
    public var validationFraction = 0.05
    /// The share of the text, at its end, for the test.
    public var testFraction = 0.0
    /// Added to the net input of an LSTM's forget gate. On texts a bias of 1 learns more slowly: after ten passes over
    /// tinyshakespeare the validation loss is 1.74 with it, and 1.63 without.
    public var forgetBias: Float = 0
    /// The name of the initialiser of the recurrent layers' weights.
    public var initializer = "glorot-uniform"
    /// The name of the initialiser of the tokens' vectors; nil for that of `InitialTextWeights`.
    public var embeddingInitializer: String?
    /// The name of the initialiser of the output layer's weights; nil for that of `InitialTextWeights`.
    public var outputInitializer: String?
    /// Whether the output layer's weights are the words' vectors (Press and Wolf, "Using the output embedding to improve
    /// language models", 2017).
    public var tiesWeights = false
    /// The number of words that a training step draws for a sampled softmax; nil for a softmax over all. With it a step
    /// moves the vectors and output weights of the words alone that it reads or draws, as `RowUpdates.lazy` says.
    public var samples: Int?
    /// The first words of the clusters of an adaptive softmax, by their numbers; nil for a softmax over all.
    public var cutoffs: [Int]?
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The defaults for a text of one's own.
    public init() {}

    /// The width of the vectors that stand for tokens, or nil where tokens are one-hot.
    package var embeddingWidth: Int? { embeddingSize ?? (level == .word ? 128 : nil) }

    /// The limit where `vocabularyLimit` is nil.
    package static let usualVocabularyLimit = 10_000

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
        recipe.optimization = Optimization(learningRate: 0.1)
        recipe.forgetBias = 1
        recipe.validationFraction = 0
        return recipe
    }()

    /// The layers, all of whose weights begin as the initialiser says.
    public var stack: RecurrentStack {
        var stack = RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers, dropout: dropout)
        stack.forgetBias = forgetBias
        stack.inputInitializer = Initializer.checked(initializer, hiddenSize: hiddenSize)
        stack.recurrentInitializer = stack.inputInitializer
        return stack
    }

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        if let vocabularyLimit {
            try Setting("`vocabularyLimit`", vocabularyLimit).require(in: 2...10_000_000)
            guard level == .word else {
                throw RecurrentError("`vocabularyLimit` is given, but only words have one: expected `level` word")
            }
        }
        guard wordSeparator == .punctuation || level == .word else {
            throw RecurrentError(
                "`wordSeparator` is \(wordSeparator.rawValue), but only words are separated: expected `level` word")
        }
        guard data != nil || encoding == nil else {
            throw RecurrentError("`encoding` is given, but no file: expected `data`")
        }
        guard data != nil || validationData == nil && testData == nil else {
            throw RecurrentError("`data` is missing: expected a text to train on beside those for validation and test")
        }
        if let embeddingSize { try Setting("`embeddingSize`", embeddingSize).require(in: 1...65_536) }
        try Setting("`sequenceLength`", sequenceLength).require(in: 1...1_000_000)
        try Setting("`forgetBias`", forgetBias).require(abs(forgetBias) <= 100, "-100 to 100")
        try validateDivision()
        for name in [initializer, embeddingInitializer, outputInitializer] {
            _ = try name.map { try Initializer.named($0, hiddenSize: hiddenSize) }
        }
        if tiesWeights, embeddingWidth != hiddenSize {
            throw RecurrentError(
                "`tiesWeights` makes the output layer of the words' vectors, whose width is "
                    + "\(embeddingWidth.map(String.init) ?? "none") where `hiddenSize` is \(hiddenSize): expected "
                    + "`embeddingSize` \(hiddenSize)")
        }
        if embeddingInitializer != nil, tiesWeights || embeddingWidth == nil {
            throw RecurrentError(
                tiesWeights
                    ? "`embeddingInitializer` is given with `tiesWeights`, whose vectors begin as the output layer's weights "
                        + "do: expected `outputInitializer`"
                    : "`embeddingInitializer` is given, but tokens have no vectors: expected `embeddingSize`")
        }
        if let samples { try Setting("`samples`", samples).require(in: 1...10_000_000) }
        if let cutoffs {
            guard !cutoffs.isEmpty, AdaptiveSoftmaxOutput.areRising(cutoffs, below: 10_000_000) else {
                throw RecurrentError("`cutoffs` is \(cutoffs); expected rising numbers of words, from 1")
            }
            guard !tiesWeights, samples == nil, outputInitializer == nil else {
                throw RecurrentError(
                    "`cutoffs` is given with `tiesWeights`, `samples` or `outputInitializer`, each of which asks for "
                        + "another output layer; expected one of them")
            }
        }
        if samples != nil || cutoffs != nil {
            let name = samples != nil ? "`samples`" : "`cutoffs`"
            guard level == .word else {
                throw RecurrentError(
                    "\(name) is given, but only words are many, and numbered by frequency: expected `level` word")
            }
            guard batching == .streams else {
                throw RecurrentError("\(name) is given, but the notes' sentence has few words: expected `data`")
            }
        }
    }
}
