import Recurrent
import RecurrentTraining

/// Training of word vectors by skip-gram with negative sampling.
///
/// A pass goes over the words of the text in random order, without those that are left out for being frequent; a step
/// takes the pairs of words and contexts around some of them.
public struct SkipGramTask: StoredTask, IndependentBatchesTask {
    /// What the model is and how it is trained.
    public let configuration: SkipGramConfiguration
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

    /// Reads the text.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read or is not UTF-8.
    public static func read(_ configuration: SkipGramConfiguration) throws -> SkipGramSource {
        try SkipGramSource(configuration)
    }

    /// Counts the words of the training part.
    ///
    /// - Throws: `RecurrentError` where fewer than two occur often enough.
    public static func prepare(
        _ source: SkipGramSource, _ configuration: SkipGramConfiguration
    ) throws -> WordFrequencies {
        try WordFrequencies(
            of: source.parts(configuration).training, minimumCount: configuration.minimumCount,
            limit: configuration.vocabularyLimit, name: source.name)
    }

    /// Checks that words and counts go together.
    ///
    /// - Throws: `RecurrentError` where they do not.
    public static func check(_ preparation: WordFrequencies, _ configuration: SkipGramConfiguration) throws {
        try preparation.check()
    }

    /// Turns the text into numbers of words.
    ///
    /// - Throws: `RecurrentError` where fewer than two words of the text have vectors.
    public init(
        _ configuration: SkipGramConfiguration, preparation: WordFrequencies, source: SkipGramSource
    ) throws {
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

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: SkipGramConfiguration, _ preparation: WordFrequencies, _ binder: inout Binder
    ) -> SkipGramNetwork {
        SkipGramNetwork(words: preparation.words.count, width: configuration.embeddingSize, &binder)
    }

    /// Bytes that training will need, roughly: two tables, their gradients and what the optimiser keeps of them.
    public static func estimatedBytes(
        _ configuration: SkipGramConfiguration, _ preparation: WordFrequencies
    ) -> Double {
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
}
