import Recurrent
import RecurrentData
import RecurrentTraining

/// Texts as token numbers, each with its class.
public struct ClassifyExamples: Sendable {
    /// The tokens of every text.
    package let sequences: [[Int32]]
    /// The class of every text.
    package let labels: [Int]
    /// How many texts were cut.
    package let cutCount: Int
    /// How many tokens, of those that were not cut off, the vocabulary does not have.
    package let unknownCount: Int

    init(_ texts: [String], labels: [Int], vocabulary: TextVocabulary, limit: Int) {
        let encoded = texts.map { vocabulary.encodeBeginning(of: $0, limit: limit) }
        let unknown = vocabulary.unknownToken
        sequences = encoded.map(\.tokens)
        self.labels = labels
        cutCount = encoded.count { $0.isCut }
        unknownCount = encoded.reduce(0) { sum, text in sum + text.tokens.count { $0 == unknown } }
    }

    /// The number of texts.
    package var count: Int { sequences.count }

    /// The number of tokens of all texts.
    package var tokenCount: Int { sequences.reduce(0) { $0 + $1.count } }

    /// Some of the texts side by side, and their classes `[batch]`.
    package func batch(_ places: [Int]) -> (texts: PaddedBatch, labels: IntegerTensor) {
        (PaddedBatch(places.map { sequences[$0] }), IntegerTensor(places.map { labels[$0] }))
    }

    /// The mean cross-entropy under a network, in nats, and what it takes each text for.
    package func evaluated(
        by network: ClassifyNetwork, labelNames: [String]
    ) -> (loss: Double, matrix: ConfusionMatrix) {
        var matrix = ConfusionMatrix(classNames: labelNames)
        let parts = ExampleParts.ofLikeLengths(sequences.map(\.count), size: 256)
        let loss = Evaluation.meanLoss(over: parts) { places in
            let (texts, labels) = batch(places)
            let logits = network(texts)
            matrix.add(logits: logits, labels: labels)
            return (
                sparseSoftmaxCrossEntropy(logits: logits, labels: labels).values.reduce(0) { $0 + Double($1) },
                places.count
            )
        }
        return (loss, matrix)
    }
}
