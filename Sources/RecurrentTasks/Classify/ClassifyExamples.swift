import Recurrent
import RecurrentData

/// Texts as token numbers, each with its class.
public struct ClassifyExamples: Sendable {
    /// The tokens of every text.
    public let sequences: [[Int32]]
    /// The class of every text.
    public let labels: [Int]
    /// How many texts were cut.
    public let cutCount: Int
    /// How many tokens, of those that were not cut off, the vocabulary does not have.
    public let unknownCount: Int

    init(_ texts: [String], labels: [Int], vocabulary: TextVocabulary, limit: Int) {
        let encoded = texts.map { vocabulary.encodeBeginning(of: $0, limit: limit) }
        let unknown = vocabulary.unknownToken
        sequences = encoded.map(\.tokens)
        self.labels = labels
        cutCount = encoded.count { $0.isCut }
        unknownCount = encoded.reduce(0) { sum, text in sum + text.tokens.count { $0 == unknown } }
    }

    /// The number of texts.
    public var count: Int { sequences.count }

    /// The number of tokens of all texts.
    public var tokenCount: Int { sequences.reduce(0) { $0 + $1.count } }

    /// Some of the texts side by side, and their classes `[batch]`.
    public func batch(_ places: [Int]) -> (texts: PaddedBatch, labels: IntegerTensor) {
        (PaddedBatch(places.map { sequences[$0] }), IntegerTensor(places.map { labels[$0] }))
    }

    // Examples that are judged at a time: enough to make the products long.
    private static let judgedAtATime = 256

    /// The mean cross-entropy under a network, in nats, and what it takes each text for.
    public func judged(by network: ClassifyNetwork, labelNames: [String]) -> (loss: Double, matrix: ConfusionMatrix) {
        var matrix = ConfusionMatrix(classNames: labelNames)
        var total = 0.0
        // Texts of like lengths stand together, so that there is little padding.
        var rest = sequences.indices.sorted { (sequences[$0].count, $0) < (sequences[$1].count, $1) }[...]
        while !rest.isEmpty {
            let (texts, labels) = batch(Array(rest.prefix(Self.judgedAtATime)))
            let logits = network(texts)
            total += sparseSoftmaxCrossEntropy(logits: logits, labels: labels).values.reduce(0) { $0 + Double($1) }
            matrix.add(logits: logits, labels: labels)
            rest = rest.dropFirst(Self.judgedAtATime)
        }
        return (total / Double(max(1, count)), matrix)
    }
}
