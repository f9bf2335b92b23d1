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
    /// The shares of tokens that the vocabulary lacks, of the parts that are not empty; nil where tokens are not words.
    package let unknownShares: Parts<Double?>?

    /// `vocabulary.json`.
    public static let preparationFile = "vocabulary.json"

    /// Reads the text.
    public static func read(_ configuration: TextConfiguration) throws -> TextSource { try TextSource(configuration) }

    /// The tokens that stand in the text. Characters are those of all its parts; words are those of the training part:
    /// others are unknown in validation, as they will be in use.
    public static func prepare(_ source: TextSource, _ configuration: TextConfiguration) throws -> TextVocabulary {
        if configuration.level == .byte { return .bytes }
        let (whole, data) = (try Self.text(of: source.data.whole), source.data)
        // Of what is divided, the part for training comes first.
        func training(_ count: Int) throws -> Int {
            try configuration.division().parts(
                of: 0..<count, validation: data.validation.map { _ in 0..<0 }, test: data.test.map { _ in 0..<0 }
            ) { $0.successivePlaces(count: count) }.training.count
        }
        if configuration.level == .character {
            let others = try [data.validation, data.test].compactMap { try $0.map(Self.text) }
            return .characters(
                try CharacterVocabulary(of: [whole] + others, training: training, name: source.name))
        }
        let splitting = WordSplitting(separator: configuration.wordSeparator, keepsNewlines: true)
        return .words(
            try WordVocabulary(
                ofFirst: training(splitting.wordCount(of: whole)), of: whole, splitting: splitting,
                limit: configuration.vocabularyLimit ?? TextConfiguration.usualVocabularyLimit, name: source.name))
    }

    private static func text(of file: TextFile?) throws -> String {
        do { return try file?.text() ?? TextConfiguration.sentence } catch {
            throw RecurrentError("\(error), or train on bytes with `level` byte")
        }
    }

    /// Whether the vocabulary is of the level that is configured, and cuts words so.
    public static func check(_ vocabulary: TextVocabulary, _ configuration: TextConfiguration) throws {
        try vocabulary.check(level: configuration.level)
        if let samples = configuration.samples, samples > vocabulary.size {
            throw RecurrentError(
                "`samples` is \(samples), but there are \(vocabulary.size) words; expected fewer: a softmax over so few is "
                    + "as fast")
        }
        if let last = configuration.cutoffs?.last, last >= vocabulary.size {
            throw RecurrentError(
                "`cutoffs` ends with \(last), but there are \(vocabulary.size) words; expected less")
        }
        guard case .words(let words) = vocabulary, words.splitting.separator != configuration.wordSeparator else {
            return
        }
        throw RecurrentError(
            "`wordSeparator` is \(configuration.wordSeparator.rawValue), but the model's words are separated by "
                + words.splitting.separator.rawValue)
    }

    /// Cuts the text into batches.
    public init(_ configuration: TextConfiguration, preparation vocabulary: TextVocabulary, source: TextSource) throws {
        try Self.check(vocabulary, configuration)
        let name = source.name
        let parts = try source.parts(vocabulary, configuration)
        let (training, validation) = (parts.training.tokens, Array(parts.validation.tokens))
        self.validation = validation
        unknownShares =
            vocabulary.level == .word
            ? parts.map { part in
                let unknown = part.tokens.count { $0 == WordVocabulary.unknownToken }
                return part.count == 0 ? nil : Double(unknown) / Double(part.count)
            } : nil
        switch configuration.batching {
        case .streams:
            let (batchSize, time) = (configuration.batchSize, configuration.sequenceLength)
            let text = try TextStreams(
                tokens: training, batchSize: batchSize, sequenceLength: time,
                name: parts.training.name)
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
        let logits = configuration.samples.map { min($0, vocabulary.size) } ?? vocabulary.size
        return configuration.stack.trainingBytes(
            inputSize: configuration.embeddingWidth ?? vocabulary.size, outputSize: vocabulary.size, rows: rows,
            outputRows: rows * logits / vocabulary.size + 1,
            vocabulary: configuration.embeddingWidth == nil ? 0 : vocabulary.size)
    }

    /// The mean cross-entropy of a batch, and the states after it.
    public func loss(
        of network: TextNetwork, position: Int, carried: TextNetwork.State?
    ) -> (loss: Tensor, carried: TextNetwork.State?) {
        let (inputs, targets) = batch(position)
        let (loss, next) = network.loss(inputs, targets: targets, from: carried)
        return (loss, streams == nil ? nil : next)
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
            "Text model", from: tokens,
            to: .layer(
                kind: configuration.tiesWeights ? "dense, weights of the embedding" : "dense",
                shape: "[time, batch, \(vocabulary.size)]", parameters),
            loss: configuration.cutoffs != nil
                ? "adaptive softmax" : configuration.samples != nil ? "sampled softmax" : "softmax cross-entropy",
            parameters: parameters)
    }
}
