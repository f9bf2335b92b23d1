import Recurrent
import RecurrentData
import RecurrentTraining

/// Training of a text model: batches of the text, their losses, and the loss on the validation part.
public struct TextTask: StoredTask {
    /// What the model is and how it is trained.
    public let configuration: TextConfiguration
    /// The tokens of the text.
    public let vocabulary: TextVocabulary
    private let batches: Batches
    private let validation: [Int32]

    private enum Batches: Sendable {
        case streams(TextStreams)
        case windows(inputs: IntegerTensor, targets: IntegerTensor)
    }

    /// `vocabulary.json`.
    public static let preparationFile = "vocabulary.json"

    /// Reads the text.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read.
    public static func read(_ configuration: TextConfiguration) throws -> TextSource { try TextSource(configuration) }

    /// The tokens that stand in the text.
    ///
    /// - Throws: `RecurrentError` where it is no UTF-8, or has too few different tokens.
    public static func prepare(_ source: TextSource, _ configuration: TextConfiguration) throws -> TextVocabulary {
        try source.vocabulary(configuration)
    }

    /// Whether the vocabulary is of the level that is configured.
    ///
    /// - Throws: `RecurrentError` where it is not.
    public static func check(_ vocabulary: TextVocabulary, _ configuration: TextConfiguration) throws {
        try vocabulary.check(level: configuration.level)
    }

    // Steps of the validation text that are taken at a time: enough to make the products long.
    private static let validationSteps = 500

    /// Cuts the text into batches.
    ///
    /// - Throws: `RecurrentError` where the text is too short, or its validation part has fewer than two tokens.
    public init(_ configuration: TextConfiguration, preparation vocabulary: TextVocabulary, source: TextSource) throws {
        self.configuration = configuration
        self.vocabulary = vocabulary
        let tokens = try source.tokens(vocabulary)
        let name = source.name
        let (training, validation) = try TextStreams.split(tokens, validationFraction: configuration.validationFraction)
        guard validation.isEmpty || validation.count >= 2 else {
            throw RecurrentError(
                "\(name) has \(tokens.count) tokens; `validationFraction` \(configuration.validationFraction) leaves 1 of them for "
                    + "validation, which needs 2 or more (or none: `validationFraction` 0)")
        }
        self.validation = validation
        switch configuration.batching {
        case .streams:
            batches = .streams(
                try TextStreams(
                    tokens: training, batchSize: configuration.batchSize, sequenceLength: configuration.sequenceLength,
                    name: validation.isEmpty ? name : "the training part of \(name)"))
        case .windows:
            let (time, windows) = (configuration.sequenceLength, training.count - configuration.sequenceLength)
            guard windows >= 1 else {
                throw RecurrentError(
                    "\(name) has \(training.count) tokens; a window of \(time) needs at least \(time + 1)")
            }
            func batch(_ shift: Int) -> IntegerTensor {
                IntegerTensor(
                    (0..<time).flatMap { t in (0..<windows).map { training[$0 + t + shift] } }, shape: [time, windows])
            }
            batches = .windows(inputs: batch(0), targets: batch(1))
        }
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: TextConfiguration, _ vocabulary: TextVocabulary, _ binder: inout Binder
    ) -> TextNetwork {
        TextNetwork(configuration, vocabularySize: vocabulary.size, &binder)
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary) -> Double {
        let rows = configuration.sequenceLength * configuration.batchSize
        let table = 32 * Double(vocabulary.size) * Double(configuration.embeddingWidth ?? 0)
        return table
            + configuration.cell.trainingBytes(
                inputSize: configuration.embeddingWidth ?? vocabulary.size, hiddenSize: configuration.hiddenSize,
                layers: configuration.layers,
                outputSize: vocabulary.size, rows: rows, outputRows: rows)
    }

    /// The windows of the text; 1 where all windows are one batch.
    public var stepsPerEpoch: Int {
        switch batches {
        case .streams(let streams): streams.windowsPerEpoch
        case .windows: 1
        }
    }

    /// The tokens of a batch.
    public var itemsPerStep: Int {
        switch batches {
        case .streams(let streams): streams.batchSize * streams.sequenceLength
        case .windows(let inputs, _): inputs.count
        }
    }

    /// The mean cross-entropy of a batch, and the states after it.
    public func loss(
        of network: TextNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        switch batches {
        case .streams(let streams):
            let window = streams.window(position)
            let shape = [streams.sequenceLength, streams.batchSize]
            let state = carried.isEmpty ? nil : network.state(of: carried, batch: streams.batchSize)
            let (logits, next) = network(IntegerTensor(window.inputs, shape: shape), from: state)
            let targets = IntegerTensor(window.targets, shape: shape)
            return (sequenceLoss(logits: logits, targets: targets), network.tensors(of: next))
        case .windows(let inputs, let targets):
            return (sequenceLoss(logits: network(inputs, from: nil).logits, targets: targets), [])
        }
    }

    /// The shapes of the layers' states, where they are carried.
    public func carriedShapes(of network: TextNetwork) -> [[Int]] {
        switch batches {
        case .streams(let streams):
            network.tensors(of: network.zeroState(batch: streams.batchSize)).map(\.shape)
        case .windows: []
        }
    }

    /// The mean cross-entropy of the validation part, as one stream.
    public func validation(of network: TextNetwork) -> Evaluation? {
        validation.isEmpty ? nil : Evaluation(loss: Self.meanLoss(of: validation, under: network))
    }

    /// The mean cross-entropy, in nats a token, of all tokens but the first, as one stream with carried state.
    public static func meanLoss(of tokens: [Int32], under network: TextNetwork) -> Double {
        var state: TextNetwork.State?
        var total = 0.0
        var begin = 0
        while begin < tokens.count - 1 {
            let end = min(begin + validationSteps, tokens.count - 1)
            let inputs = IntegerTensor(Array(tokens[begin..<end]), shape: [end - begin, 1])
            let targets = IntegerTensor(Array(tokens[begin + 1...end]), shape: [end - begin, 1])
            let (logits, next) = network(inputs, from: state)
            let losses = sparseSoftmaxCrossEntropy(logits: logits, labels: targets)
            losses.withUnsafeValues { values in for value in values { total += Double(value) } }
            state = next
            begin = end
        }
        return total / Double(max(1, tokens.count - 1))
    }

    /// The same, computed step by step with weights of a precision, as text is generated.
    public static func meanLoss(
        of tokens: [Int32], under network: TextNetwork, weights: WeightPrecision
    ) -> Double {
        let stepper = network.stepper(from: network.zeroState(batch: 1), weights: weights)
        var total = 0.0
        for begin in stride(from: 0, to: tokens.count - 1, by: validationSteps) {
            let end = min(begin + validationSteps, tokens.count - 1)
            var logits: [Float] = []
            for token in tokens[begin..<end] {
                stepper.withLogits(after: CollectionOfOne(token)) { logits.append(contentsOf: $0) }
            }
            let losses = sparseSoftmaxCrossEntropy(
                logits: Tensor(logits, shape: [end - begin, logits.count / (end - begin)]),
                labels: IntegerTensor(Array(tokens[begin + 1...end]), shape: [end - begin]))
            losses.withUnsafeValues { values in for value in values { total += Double(value) } }
        }
        return total / Double(max(1, tokens.count - 1))
    }
}
