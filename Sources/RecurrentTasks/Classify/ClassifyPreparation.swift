import Recurrent
import RecurrentData
import RecurrentTraining

/// What a classifier needs to know beside its weights: the names of its classes, and its tokens.
public struct ClassifyPreparation: Codable, Equatable, Sendable {
    /// The names of the classes, in order.
    package let labelNames: [String]
    /// What texts are cut into.
    package let vocabulary: TextVocabulary
}

extension ClassifyPreparation {
    /// The vocabulary of a level, made of the texts for training. Bytes are those of ASCII, as in the notes.
    static func vocabulary(_ level: TokenLevel, of texts: [String], name: String) throws -> TextVocabulary {
        switch level {
        case .byte: .ascii
        case .character: .characters(try CharacterVocabulary(of: texts, name: name))
        case .word: .words(try WordVocabulary(of: texts, name: name))
        }
    }

    private enum CodingKeys: String, CodingKey {
        case labelNames, vocabulary
    }

    /// Reads both, and checks that there are at least two names and that they differ.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        labelNames = try container.decode([String].self, forKey: .labelNames)
        // The first runs were stored when "byte" could only mean ASCII here.
        let stored = try container.decode(TextVocabulary.self, forKey: .vocabulary)
        vocabulary = stored == .bytes ? .ascii : stored
        guard labelNames.count >= 2, Set(labelNames).count == labelNames.count else {
            throw RecurrentError("labelNames has \(labelNames.count) names; expected two or more, all different")
        }
    }

    /// Labelled texts as the classifier reads them.
    /// - Parameters:
    ///   - texts: The texts; their classes may be numbered otherwise than here.
    ///   - limit: The number of tokens after which a text is cut.
    ///   - name: What errors call the texts, usually a path.
    /// - Throws: `RecurrentError` with the first label that the classifier does not have.
    package func examples(of texts: LabelledTexts, limit: Int, name: String) throws -> ClassifyExamples {
        let places = Dictionary(uniqueKeysWithValues: zip(labelNames, labelNames.indices))
        let labels = try texts.labels.map { label in
            guard let place = places[texts.labelNames[label]] else {
                throw RecurrentError(
                    "\(name): the label \"\(texts.labelNames[label].prefix(40))\" is none of the model's: "
                        + labelNames.prefix(20).map { "\"\($0.prefix(40))\"" }.joined(separator: ", "))
            }
            return place
        }
        return ClassifyExamples(texts.texts, labels: labels, vocabulary: vocabulary, limit: limit)
    }

    /// What a network takes texts for, one prediction for each in order. Texts are read as those for training are: without
    /// blanks at their ends, and cut after `limit` tokens.
    public func predictions(for texts: [String], limit: Int, with network: ClassifyNetwork) -> [ClassPrediction] {
        guard !texts.isEmpty else { return [] }
        let sequences = texts.map { vocabulary.encodeBeginning(of: LabelledTexts.trimmed($0), limit: limit).tokens }
        let probabilities = network(PaddedBatch(sequences)).softmax().values
        let classes = labelNames.count
        return texts.indices.map { text in
            let own = Array(probabilities[text * classes..<(text + 1) * classes])
            let order = own.indices.sorted { (-own[$0], $0) < (-own[$1], $1) }
            return ClassPrediction(labelNames: order.map { labelNames[$0] }, probabilities: order.map { own[$0] })
        }
    }
}

/// What a classifier takes a text for.
public struct ClassPrediction: Equatable, Sendable {
    /// The names of all classes, the most probable first.
    public let labelNames: [String]
    /// Their probabilities.
    public let probabilities: [Float]
}

/// Texts as token numbers, each with its class.
package struct ClassifyExamples: Sendable {
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
