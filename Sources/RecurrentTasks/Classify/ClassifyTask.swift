import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a classifier of texts: batches of like lengths, their losses, and the accuracy on the validation part.
///
/// Every class is divided in the same shares, and one of a single text is trained and never tested. Rare classes are
/// not weighted: the loss is the mean over texts. The best of several evaluations is the one with the highest accuracy.
public struct ClassifyTask: StoredTask {
    /// What the model is and how it is trained.
    public let configuration: ClassifyConfiguration
    /// The classes and the tokens.
    public let preparation: ClassifyPreparation
    private let training, validation, judging: ClassifyExamples
    private let order: BatchOrder
    private var batches: [[Int]] = []

    /// Reads the texts.
    ///
    /// - Throws: `RecurrentError` naming the file and line of what cannot be used.
    public static func read(_ configuration: ClassifyConfiguration) throws -> ClassifySource {
        guard let path = configuration.data else {
            throw RecurrentError("`data` is missing; expected a directory or file of labelled texts")
        }
        return ClassifySource(texts: try LabelledTexts(path: path, columns: configuration.columns), name: path)
    }

    /// The classes, and the tokens of the texts for training.
    ///
    /// - Throws: `RecurrentError` where the texts have too few different tokens.
    public static func prepare(
        _ source: ClassifySource, _ configuration: ClassifyConfiguration
    ) throws -> ClassifyPreparation {
        let training = try source.parts(configuration).training
        return ClassifyPreparation(
            labelNames: source.texts.labelNames,
            vocabulary: try ClassifyPreparation.vocabulary(
                configuration.level, of: training.texts, name: source.name))
    }

    /// Whether the vocabulary is of the level that is configured.
    ///
    /// - Throws: `RecurrentError` where it is not.
    public static func check(_ preparation: ClassifyPreparation, _ configuration: ClassifyConfiguration) throws {
        try preparation.vocabulary.check(level: configuration.level)
    }

    // Batches whose texts are sorted by length before they are cut into batches.
    private static let groupedBatches = 16

    /// Divides the texts, and turns them into tokens.
    ///
    /// - Throws: `RecurrentError` with the first label that the preparation does not have.
    public init(
        _ configuration: ClassifyConfiguration, preparation: ClassifyPreparation, source: ClassifySource
    ) throws {
        self.configuration = configuration
        self.preparation = preparation
        let parts = try source.parts(configuration)
        func examples(_ texts: LabelledTexts) throws -> ClassifyExamples {
            try preparation.examples(of: texts, limit: configuration.sequenceLength, name: source.name)
        }
        training = try examples(parts.training)
        validation = try examples(parts.validation)
        judging = try examples(parts.judging.texts)
        order = try BatchOrder(batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, _ binder: inout Binder
    ) -> ClassifyNetwork {
        ClassifyNetwork(configuration, preparation, &binder)
    }

    /// Bytes that training will need, roughly: for texts of the full length.
    public static func estimatedBytes(
        _ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation
    ) -> Double {
        let isWords = preparation.vocabulary.level == .word
        let width = isWords ? configuration.embeddingSize : preparation.vocabulary.size
        let rows = configuration.sequenceLength * configuration.batchSize
        let direction = configuration.cell.trainingBytes(
            inputSize: width, hiddenSize: configuration.hiddenSize, layers: configuration.layers,
            outputSize: ClassifyNetwork.projectionSize, rows: rows, outputRows: configuration.batchSize)
        let table = isWords ? 32 * Double(preparation.vocabulary.size) * Double(width) : 0
        return 2 * direction + table + 8 * Double(rows) * Double(width)
    }

    /// As many batches as hold all texts for training.
    public var stepsPerEpoch: Int { (training.count + configuration.batchSize - 1) / configuration.batchSize }

    /// The texts of a batch; the last may have fewer.
    public var itemsPerStep: Int { min(configuration.batchSize, training.count) }

    /// Draws the batches of a pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        batches = order.batches(lengths: training.sequences.map(\.count), random: &random)
    }

    /// The mean cross-entropy of a batch.
    public func loss(
        of network: ClassifyNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        let (texts, labels) = training.batch(batches[position])
        return (sparseSoftmaxCrossEntropy(logits: network(texts), labels: labels).mean(), [])
    }

    /// The mean cross-entropy and the accuracy on the validation part.
    public func validation(of network: ClassifyNetwork) -> Evaluation? {
        guard validation.count > 0 else { return nil }
        let (loss, matrix) = validation.judged(by: network, labelNames: preparation.labelNames)
        return Evaluation(loss: loss, measures: ["accuracy": matrix.accuracy])
    }

    /// The highest accuracy.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// What the texts that were kept for it are taken for.
    public func pictures(of network: ClassifyNetwork) -> [(name: String, picture: any SVGPicture)] {
        [("confusion-matrix", judging.judged(by: network, labelNames: preparation.labelNames).matrix.picture())]
    }
}
