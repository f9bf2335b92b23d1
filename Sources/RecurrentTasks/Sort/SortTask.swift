import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of an encoder and decoder to sort numbers: it reads a list, and then writes the same numbers in order, without
/// seeing the list again unless it has attention.
///
/// Every batch is new, an epoch is 100 of them, and 1000 lists that are never trained on judge.
public struct SortTask: StoredTask, GeneratedTask {
    /// What is sorted, and what learns it.
    package let configuration: SortConfiguration
    /// What the model is evaluated on: the same lists for every seed.
    package let validation: [[Int]]
    /// What the batches are made from.
    public var batches = GeneratedBatches()

    // Lists that are evaluated at a time.
    private static let evaluatedTogether = 250

    /// Reads nothing.
    public static func read(_ configuration: SortConfiguration) throws -> GeneratedSource {
        try configuration.validate()
        return GeneratedSource(name: "generated lists")
    }

    /// Draws the lists for validation.
    public init(_ configuration: SortConfiguration, preparation: NoPreparation, source: GeneratedSource) {
        self.init(configuration)
    }

    /// Draws the lists for validation.
    public init(_ configuration: SortConfiguration) {
        self.configuration = configuration
        validation = Self.lists(configuration, for: .validation, stream: .max)
    }

    private static func lists(
        _ configuration: SortConfiguration, for part: NumberLists.Part, stream: UInt64
    ) -> [[Int]] {
        var random = RandomSource(seed: 0, operation: stream)
        return configuration.lists.draw(1000, for: part, random: &random)
    }

    /// 1000 lists that are neither trained on nor take part in any choice.
    package static func testLists(_ configuration: SortConfiguration) -> [[Int]] {
        lists(configuration, for: .test, stream: .max - 1)
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: SortConfiguration, _ preparation: NoPreparation, _ binder: inout Binder
    ) -> EncoderDecoder {
        let tokens = configuration.lists.tokenCount
        return EncoderDecoder(configuration.network, sourceVocabulary: tokens, targetVocabulary: tokens, &binder)
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: SortConfiguration, _ preparation: NoPreparation) -> Double {
        let lists = max(evaluatedTogether, configuration.batchSize)
        let tokens = configuration.lists.tokenCount
        return configuration.network.trainingBytes(
            sourceVocabulary: tokens, targetVocabulary: tokens, sourceRows: lists * configuration.maximumLength,
            targetRows: lists * (configuration.maximumLength + 1))
    }

    /// The lists of a batch.
    public var itemsPerStep: Int { configuration.batchSize }

    /// The most lists that are sorted exactly, of those for validation.
    public var criterion: Evaluation.Criterion { .highest("exact") }

    /// The lists of a batch of the pass under way.
    func batch(_ position: Int) -> [[Int]] {
        var random = batches[position]
        return configuration.lists.draw(configuration.batchSize, for: .training, random: &random)
    }

    /// The mean cross-entropy of the numbers and the end, each after the right ones before it.
    public func loss(of network: EncoderDecoder, position: Int) -> Tensor {
        network.loss(on: configuration.lists.pairs(batch(position)))
    }

    /// Loss, share of right numbers and share of exact lists on the lists for validation.
    public func validation(of network: EncoderDecoder) throws -> Evaluation? {
        try Self.evaluate(network, on: validation, configuration)
    }

    /// The mean cross-entropy of the numbers and the end, the share of them that are right where all before them were
    /// given right ("accuracy"), and the share of lists that the network sorts exactly by itself ("exact").
    ///
    /// - Throws: `RecurrentError` where the network's weights are no numbers.
    package static func evaluate(
        _ network: EncoderDecoder, on lists: [[Int]], _ configuration: SortConfiguration
    ) throws -> Evaluation {
        let kind = configuration.lists
        var (right, tokens, exact) = (0.0, 0, 0)
        let loss = try Evaluation.meanLoss(over: ExampleParts.inOrder(lists.count, size: evaluatedTogether)) { range in
            let part = Array(lists[range])
            let pairs = kind.pairs(part)
            let logits = network.logits(on: pairs)
            let losses = sequenceLossPerElement(
                logits: logits, targets: pairs.written.tokens, weights: pairs.weights)
            let guesses = zip(logits.argmax().values, pairs.written.tokens.values).map { $0 == $1 ? Float(1) : 0 }
            right += Double((Tensor(guesses, shape: pairs.weights.shape) * pairs.weights).sum().scalar)
            tokens += pairs.tokenCount
            exact += zip(try sorted(part, by: network, configuration), part).count { $0 == kind.tokens($1.sorted()) }
            return (Double(losses.sum().scalar), pairs.tokenCount)
        }
        return Evaluation(
            loss: loss,
            measures: ["accuracy": right / Double(tokens), "exact": Double(exact) / Double(lists.count)])
    }

    /// The tokens that the network writes of lists, the most likely one after another; none of a list where it does not
    /// come to an end.
    ///
    /// - Throws: `RecurrentError` where the network's weights are no numbers.
    package static func sorted(
        _ lists: [[Int]], by network: EncoderDecoder, _ configuration: SortConfiguration
    ) throws -> [[Int32]] {
        let source = PaddedBatch(lists.map(configuration.lists.tokens))
        let written = try network.greedy(source, maximumLength: lists.map(\.count).max() ?? 0)
        return written.map { $0.isComplete ? $0.tokens : [] }
    }

    /// With attention, where the network looks while it sorts the first test list.
    public func pictures(of network: EncoderDecoder) throws -> [NamedPicture] {
        guard configuration.network.attention != nil, let list = Self.testLists(configuration).first else { return [] }
        let lists = configuration.lists
        let written = try network.greedy(PaddedBatch([lists.tokens(list)]), maximumLength: list.count)[0]
        let map = HeatMap(
            title: "Where it looks while it sorts", attention: written, source: list.map(String.init),
            target: lists.words(written.tokens))
        return [NamedPicture("attention", map)]
    }

    /// The encoder, the decoder, and the dense layer to the numbers.
    public static func graph(
        _ configuration: SortConfiguration, _ preparation: NoPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let tokens = configuration.lists.tokenCount
        return configuration.network.graph(
            title: "Sorting", sourceVocabulary: tokens, targetVocabulary: tokens, parameters: parameters)
    }
}
