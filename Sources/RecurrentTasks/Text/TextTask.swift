import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a text model: batches of the text, their losses, and the loss on the validation part.
public struct TextTask: StoredTask {
    /// The windows of the text; 1 where all windows are one batch.
    public let stepsPerEpoch: Int
    /// The tokens of a batch.
    public let itemsPerStep: Int
    private let batch: @Sendable (Int) -> (inputs: IntegerTensor, targets: IntegerTensor)
    /// The number of parallel streams whose states are carried; nil where every window begins with a zero state.
    private let streams: Int?
    private let validation: [Int32]

    /// `vocabulary.json`.
    public static let preparationFile = "vocabulary.json"

    /// Reads the text.
    public static func read(_ configuration: TextConfiguration) throws -> TextSource { try TextSource(configuration) }

    /// The tokens that stand in the text. Words are those of the training part: others are unknown in validation, as
    /// they will be in use.
    public static func prepare(_ source: TextSource, _ configuration: TextConfiguration) throws -> TextVocabulary {
        if configuration.level == .byte { return .bytes }
        let text: String
        do { text = try source.data?.text() ?? TextConfiguration.sentence } catch {
            throw RecurrentError("\(error), or train on bytes with `level` byte")
        }
        if configuration.level == .character {
            return .characters(try CharacterVocabulary(of: text, name: source.name))
        }
        let words = WordVocabulary.words(in: text, isLowercased: false, keepsNewlines: true)
        return .words(
            try WordVocabulary(
                counting: Array(words[configuration.division().successivePlaces(count: words.count).training]),
                limit: configuration.vocabularyLimit ?? TextConfiguration.usualVocabularyLimit,
                isLowercased: false, keepsNewlines: true, name: source.name))
    }

    /// Whether the vocabulary is of the level that is configured.
    public static func check(_ vocabulary: TextVocabulary, _ configuration: TextConfiguration) throws {
        try vocabulary.check(level: configuration.level)
    }

    /// Cuts the text into batches.
    public init(_ configuration: TextConfiguration, preparation vocabulary: TextVocabulary, source: TextSource) throws {
        let tokens = try source.tokens(vocabulary)
        let name = source.name
        let places = try configuration.division().successivePlaces(count: tokens.count)
        let (training, validation) = (Array(tokens[places.training]), Array(tokens[places.validation]))
        guard validation.isEmpty || validation.count >= 2 else {
            throw RecurrentError(
                "\(name) has \(tokens.count) tokens; `validationFraction` \(configuration.validationFraction) leaves 1 of them for "
                    + "validation, which needs 2 or more (or none: `validationFraction` 0)")
        }
        self.validation = validation
        switch configuration.batching {
        case .streams:
            let (batchSize, time) = (configuration.batchSize, configuration.sequenceLength)
            let text = try TextStreams(
                tokens: training, batchSize: batchSize, sequenceLength: time,
                name: validation.isEmpty ? name : "the training part of \(name)")
            (stepsPerEpoch, itemsPerStep, streams) = (text.windowsPerEpoch, batchSize * time, batchSize)
            batch = { position in
                let (window, shape) = (text.window(position), [time, batchSize])
                return (IntegerTensor(window.inputs, shape: shape), IntegerTensor(window.targets, shape: shape))
            }
        case .windows:
            let (time, windows) = (configuration.sequenceLength, training.count - configuration.sequenceLength)
            guard windows >= 1 else {
                throw RecurrentError(
                    "\(name) has \(training.count) tokens; a window of \(time) needs at least \(time + 1)")
            }
            let all = [0, 1].map { shift in
                IntegerTensor(
                    (0..<time).flatMap { t in (0..<windows).map { training[$0 + t + shift] } }, shape: [time, windows])
            }
            (stepsPerEpoch, itemsPerStep, streams) = (1, time * windows, nil)
            batch = { _ in (all[0], all[1]) }
        }
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary) -> Double {
        let rows = configuration.sequenceLength * configuration.batchSize
        return configuration.stack.trainingBytes(
            inputSize: configuration.embeddingWidth ?? vocabulary.size, outputSize: vocabulary.size, rows: rows,
            outputRows: rows, vocabulary: configuration.embeddingWidth == nil ? 0 : vocabulary.size)
    }

    /// The mean cross-entropy of a batch, and the states after it.
    public func loss(
        of network: TextNetwork, position: Int, carried: TextNetwork.State?
    ) -> (loss: Tensor, carried: TextNetwork.State?) {
        let (inputs, targets) = batch(position)
        let (logits, next) = network(inputs, from: carried)
        return (sequenceLoss(logits: logits, targets: targets), streams == nil ? nil : next)
    }

    /// The states before the first tokens of all streams, where states are carried.
    public func zeroCarried(of network: TextNetwork) -> TextNetwork.State? {
        streams.map { network.zeroState(batch: $0) }
    }

    /// The mean cross-entropy of the validation part, as one stream.
    public func validation(of network: TextNetwork) -> Evaluation? {
        validation.isEmpty ? nil : Evaluation(loss: Self.meanLoss(of: validation, under: network))
    }

    /// The mean cross-entropy, in nats a token, of all tokens but the first, as one stream with carried state.
    package static func meanLoss(of tokens: [Int32], under network: TextNetwork) -> Double {
        var state: TextNetwork.State?
        return meanLoss(of: tokens) { read in
            let (logits, next) = network(IntegerTensor(Array(read), shape: [read.count, 1]), from: state)
            state = next
            return logits
        }
    }

    /// The same, computed step by step with weights of a precision, as text is generated.
    package static func meanLoss(
        of tokens: [Int32], under network: TextNetwork, weights: WeightPrecision
    ) -> Double {
        let stepper = network.stepper(from: network.zeroState(batch: 1), weights: weights)
        return meanLoss(of: tokens) { read in
            var logits: [Float] = []
            for token in read { stepper.withLogits(after: CollectionOfOne(token)) { logits.append(contentsOf: $0) } }
            return Tensor(logits, shape: [read.count, 1, logits.count / read.count])
        }
    }

    private static func meanLoss(of tokens: [Int32], logits: (ArraySlice<Int32>) -> Tensor) -> Double {
        Evaluation.meanLoss(over: ExampleParts.inOrder(tokens.count - 1, size: 500)) { part in
            let targets = IntegerTensor(Array(tokens[part.lowerBound + 1...part.upperBound]), shape: [part.count, 1])
            let losses = sparseSoftmaxCrossEntropy(logits: logits(tokens[part]), labels: targets)
            return (losses.values.reduce(0) { $0 + Double($1) }, part.count)
        }
    }

    /// The one-hot tokens or their vectors, the recurrent layers, and the dense layer.
    public static func graph(
        _ configuration: TextConfiguration, _ vocabulary: TextVocabulary, parameters: ParameterLayout
    ) -> NetworkGraph {
        let tokens = NetworkGraph.Node.tokens(
            unit: vocabulary.level.rawValue, vocabulary: vocabulary.size, width: configuration.embeddingWidth,
            parameters)
        return configuration.stack.graph(
            "Text model", from: tokens, to: .layer(shape: "[time, batch, \(vocabulary.size)]", parameters),
            loss: "softmax cross-entropy", parameters: parameters)
    }
}

/// A language model: recurrent layers over one-hot tokens or their learned vectors, and a dense layer to the logits of the
/// next token.
public struct TextNetwork: StoredNetwork, Sendable {
    /// The states of all layers.
    public typealias State = RecurrentStack.Cells.State

    private let input: TokenInput
    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`, and `embedding.table` where tokens have vectors.
    public init(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary, _ binder: inout Binder) {
        input = TokenInput(vocabulary.size, width: configuration.embeddingWidth, &binder["embedding"])
        layers = configuration.stack.cells(inputSize: input.width, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: vocabulary.size, &binder["output"])
    }

    /// The states before the first token.
    package func zeroState(batch: Int) -> State { layers.zeroState(batch: batch) }

    /// The logits `[time, batch, vocabulary]` of the token after each of `tokens` `[time, batch]`, and the states after
    /// the last.
    package func callAsFunction(_ tokens: IntegerTensor, from state: State?) -> (logits: Tensor, state: State) {
        let result = layers.unroll(input(tokens), from: state)
        return (output(result.outputs), result.state)
    }

    /// The network ready to be run token by token, from the states after what it has read.
    package func stepper(from state: State, weights: WeightPrecision = .float32) -> Stepper {
        let stepper = Stepper(
            reading: input.embedding.map { .embeddedTokens($0) } ?? .oneHotTokens,
            cells: layers.cells.map(\.cell), states: state.layers.map(\.cell),
            output: output, weights: weights)
        guard let stepper else { fatalError("a text network is made of built-in cells") }
        return stepper
    }
}

/// The text that a model is trained on: a file's, or the notes' sentence.
public typealias TextSource = TaskSource<TextFile?>

extension TextSource {
    /// Reads the text of a configuration.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read.
    package init(_ configuration: TextConfiguration) throws {
        let file = try configuration.data.map { try TextFile(path: $0) }
        self.init(
            file, name: configuration.data ?? "the notes' sentence",
            fingerprint: Fingerprint(file?.bytes ?? Array(TextConfiguration.sentence.utf8)).text)
    }

    func tokens(_ vocabulary: TextVocabulary) throws -> [Int32] {
        try data.map { try vocabulary.encode($0) } ?? vocabulary.encode(TextConfiguration.sentence)
    }
}

extension TaskRun<TextTask> {
    /// The tokens that the run was validated on, or of another file, all of it.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, has characters that the model does not know, or there
    ///   are fewer than two tokens.
    package func evaluationTokens(of path: String?) throws -> (tokens: [Int32], name: String) {
        let source = try source(dataPath: path)
        let tokens = try source.tokens(preparation)
        let validation = try configuration.division().successivePlaces(count: tokens.count).validation
        let isPart = isOwn(source, from: path) && !validation.isEmpty
        let chosen = isPart ? Array(tokens[validation]) : tokens
        guard chosen.count >= 2 else {
            throw RecurrentError("\(source.name) has \(chosen.count) tokens to evaluate; at least 2 are needed")
        }
        return (chosen, isPart ? "the validation part of \(source.name)" : source.name)
    }
}
