import Recurrent

/// What a classifier takes a text for.
public struct ClassPrediction: Equatable, Sendable {
    /// The names of all classes, the most probable first.
    public let labelNames: [String]
    /// Their probabilities.
    public let probabilities: [Float]
}

extension ClassifyPreparation {
    /// What a network takes texts for, one prediction for each in order. Texts are cut after `limit` tokens.
    public func predictions(for texts: [String], limit: Int, with network: ClassifyNetwork) -> [ClassPrediction] {
        guard !texts.isEmpty else { return [] }
        let sequences = texts.map { vocabulary.encodeBeginning(of: $0, limit: limit).tokens }
        let probabilities = network(PaddedBatch(sequences)).softmax().values
        let classes = labelNames.count
        return texts.indices.map { text in
            let own = Array(probabilities[text * classes..<(text + 1) * classes])
            let order = own.indices.sorted { (-own[$0], $0) < (-own[$1], $1) }
            return ClassPrediction(labelNames: order.map { labelNames[$0] }, probabilities: order.map { own[$0] })
        }
    }
}
