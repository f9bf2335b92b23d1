import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of word vectors by skip-gram with negative sampling.
///
/// A pass goes over the words of the text in random order, without those that are left out for being frequent; a step
/// takes the pairs of words and contexts around some of them.
public struct SkipGramTask: StoredTask, IndependentBatchesTask {
    private let configuration: SkipGramConfiguration
    /// The words that have vectors.
    package let frequencies: WordFrequencies
    private let text: [Int32]
    private let sampler: NegativeSampler
    private let keepProbabilities: [Float]
    private let validationPairs: SkipGramPairs?
    /// The text of the pass under way, without what was left out, and the order in which it is gone through.
    private var thinned: [Int32] = []
    private var order: [Int] = []
    /// The number of steps of a pass.
    public let stepsPerEpoch: Int

    // Pairs of the validation text that are judged: more take longer and say little more.
    private static let validationLimit = 20_000

    /// `words.json`.
    public static let preparationFile = "words.json"

    /// Reads the words of the text.
    public static func read(_ configuration: SkipGramConfiguration) throws -> SkipGramSource {
        guard let path = configuration.data else {
            throw RecurrentError("there is no text; expected `data`: a file to learn from")
        }
        let file = try TextFile(path: path, encoding: configuration.encoding)
        return SkipGramSource(
            WordFrequencies.words(in: try file.text()), name: path, fingerprint: Fingerprint(file.bytes).text)
    }

    /// Counts the words of the training part.
    public static func prepare(
        _ source: SkipGramSource, _ configuration: SkipGramConfiguration
    ) throws -> WordFrequencies {
        try WordFrequencies(
            of: source.parts(configuration).training, minimumCount: configuration.minimumCount,
            limit: configuration.vocabularyLimit, name: source.name)
    }

    /// Checks that words and counts go together.
    public static func check(_ preparation: WordFrequencies, _ configuration: SkipGramConfiguration) throws {
        try preparation.check()
    }

    /// Turns the text into numbers of words.
    public init(_ configuration: SkipGramConfiguration, preparation: WordFrequencies, source: SkipGramSource) throws {
        self.configuration = configuration
        frequencies = preparation
        let parts = try source.parts(configuration)
        text = preparation.encode(parts.training)
        guard text.count >= 2 else {
            throw RecurrentError(
                "\(source.name) has \(text.count) words for training that have vectors; expected 2 or more")
        }
        sampler = NegativeSampler(counts: preparation.counts)
        let probabilities = preparation.keepProbabilities(subsampling: configuration.subsampling)
        keepProbabilities = probabilities
        validationPairs = Self.pairs(of: preparation.encode(parts.validation), configuration, sampler)
        let kept = text.reduce(0.0) { $0 + Double(probabilities[Int($1)]) }
        let pairs = kept * Double(configuration.window + 1)
        stepsPerEpoch = max(1, Int((pairs / Double(configuration.batchSize)).rounded(.up)))
    }

    /// The pairs by which a text is judged, always the same ones; nil where there are none.
    static func pairs(
        of text: [Int32], _ configuration: SkipGramConfiguration, _ sampler: NegativeSampler
    ) -> SkipGramPairs? {
        guard text.count >= 2 else { return nil }
        var random = RandomSource(seed: configuration.seed, operation: 1 << 40)
        return SkipGramPairs(
            around: text.indices, in: text, window: configuration.window, negatives: configuration.negatives,
            from: sampler, limit: validationLimit, random: &random)
    }

    /// Bytes that training will need, roughly: two tables, their gradients and what the optimiser keeps of them.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        let tables = 2.0 * Double(preparation.words.count)
        let batch = Double(configuration.batchSize) * Double(configuration.negatives + 2) * 4
        return 4 * Double(configuration.embeddingSize) * (4 * tables + batch)
    }

    /// The pairs of a step, on average.
    public var itemsPerStep: Int { configuration.batchSize }

    /// Leaves out frequent words at random, and draws an order.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        let drawn = random.uniform(count: text.count)
        thinned = zip(text, drawn).compactMap { keepProbabilities[Int($0)] > $1 ? $0 : nil }
        if thinned.count < 2 { thinned = text }
        order = random.permutation(thinned.count)
    }

    /// The mean loss of the pairs around some words.
    public func loss(of network: SkipGramNetwork, position: Int) -> Tensor {
        guard var random = network.random else { fatalError("a loss is asked for in training steps only") }
        // At least one place, so that there is a pair, where the steps are more than the words.
        let begin = min(position * order.count / stepsPerEpoch, order.count - 1)
        let end = max(begin + 1, (position + 1) * order.count / stepsPerEpoch)
        let pairs = SkipGramPairs(
            around: order[begin..<end], in: thinned, window: configuration.window, negatives: configuration.negatives,
            from: sampler, random: &random)
        return network.losses(pairs).mean()
    }

    /// The mean loss of pairs of the validation part.
    public func validation(of network: SkipGramNetwork) -> Evaluation? {
        validationPairs.map { Evaluation(loss: Self.meanLoss(of: $0, under: network)) }
    }

    static func meanLoss(of pairs: SkipGramPairs, under network: SkipGramNetwork) -> Double {
        Double(network.losses(pairs).mean().scalar)
    }

    /// The tables of words and contexts, and the loss.
    public static func graph(
        _ configuration: SkipGramConfiguration, _ preparation: WordFrequencies, parameters: ParameterLayout
    ) -> NetworkGraph {
        let width = configuration.embeddingSize
        return NetworkGraph(
            title: "Skip-gram",
            chain: [
                NetworkGraph.Node("pairs", kind: "words and contexts", shape: "[pairs]"),
                .layer("words", kind: "embedding", shape: "[pairs, \(width)]", parameters),
                .layer(
                    "contexts", kind: "embedding", shape: "[pairs, \(configuration.negatives + 1)]", parameters),
                .loss("negative sampling"),
            ])
    }
}

/// All words of a text, in order.
public typealias SkipGramSource = TaskSource<[String]>

extension SkipGramSource {
    /// The words for training, and those at the end for validation.
    func parts(_ configuration: SkipGramConfiguration) throws -> Parts<[String]> {
        try configuration.division().successivePlaces(count: data.count).map { Array(data[$0]) }
    }
}

extension TaskRun<SkipGramTask> {
    /// The mean loss of a model on the run's validation text, or on another file, and what was judged.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or there are not two words that have vectors.
    package func evaluated(
        _ model: Model<SkipGramNetwork>, dataPath: String?
    ) throws -> (loss: Double, pairs: Int, unknownWords: Int, words: Int, name: String) {
        let source = try source(dataPath: dataPath)
        let validation = try source.parts(configuration).validation
        let isValidation = isOwn(source, from: dataPath) && !validation.isEmpty
        let words = isValidation ? validation : source.data
        let text = preparation.encode(words)
        guard
            let pairs = SkipGramTask.pairs(of: text, configuration, NegativeSampler(counts: preparation.counts))
        else {
            throw RecurrentError("\(source.name) has \(text.count) words that have vectors; expected 2 or more")
        }
        return (
            model.evaluate { SkipGramTask.meanLoss(of: pairs, under: $0) }, pairs.centres.count,
            words.count - text.count, words.count, isValidation ? "the validation part of \(source.name)" : source.name
        )
    }

    /// The vectors of a model's words.
    ///
    /// - Throws: `RecurrentError` where one is not finite.
    package func wordVectors(of model: Model<SkipGramNetwork>) throws -> WordVectors {
        try WordVectors(words: preparation.words, vectors: model.evaluate { $0.words.table })
    }
}

/// Two tables of vectors: of words, and of words as contexts of others.
public struct SkipGramNetwork: StoredNetwork, Sendable {
    /// The vectors that are wanted: `[words, width]`.
    package let words: Embedding
    /// Those of contexts: `[words, width]`.
    package let contexts: Embedding
    /// What windows and negatives are drawn from in a training step.
    let random: RandomSource?

    /// Makes the network with the parameters `words.table`, uniform in +-1/(2 width), and `contexts.table`, zeros, as in
    /// word2vec. Training steps move the rows that they look up.
    public init(_ configuration: SkipGramConfiguration, _ preparation: WordFrequencies, _ binder: inout Binder) {
        self.init(words: preparation.words.count, width: configuration.embeddingSize, &binder)
    }

    init(words count: Int, width: Int, _ binder: inout Binder) {
        let reach = 0.5 / Float(width)
        words = Embedding(
            tokens: count, width: width, initializer: .uniform(from: -reach, to: reach), updates: .lazy,
            &binder["words"])
        contexts = Embedding(
            tokens: count, width: width, initializer: .zeros, updates: .lazy, &binder["contexts"])
        random = binder.randomStream()
    }

    /// The loss of every pair, `[pairs]`: -log sigmoid(u v) - the sum over negatives n of log sigmoid(-u n) (Mikolov et
    /// al., "Distributed representations of words and phrases and their compositionality", 2013, equation 4).
    func losses(_ pairs: SkipGramPairs) -> Tensor {
        let (count, width) = (pairs.centres.count, words.table.shape[1])
        let centre = words(pairs.centres)
        let score = (centre * contexts(pairs.contexts)).sum(along: [1])
        let others = (centre.reshaped([count, 1, width]) * contexts(pairs.negatives)).sum(along: [2])
        return softplus(-score) + softplus(others).sum(along: [1])
    }
}
