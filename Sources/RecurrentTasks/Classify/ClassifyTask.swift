import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a classifier of texts: batches of like lengths, their losses, and the accuracy on the validation part.
///
/// Every class is divided in the same shares, and one of a single text is trained and never tested. Rare classes are
/// not weighted: the loss is the mean over texts. The best of several evaluations is the one with the highest accuracy.
public struct ClassifyTask: StoredTask, BatchedTask {
    /// What the model is and how it is trained.
    public let configuration: ClassifyConfiguration
    /// The classes and the tokens.
    public let preparation: ClassifyPreparation
    private let examples: Parts<ClassifyExamples>
    /// Which texts stand together.
    public var plan: BatchPlan

    /// Reads the texts.
    ///
    /// - Throws: `RecurrentError` naming the file and line of what cannot be used.
    public static func read(_ configuration: ClassifyConfiguration) throws -> ClassifySource {
        let data = try SeparableData(configuration, missing: "a directory or file of labelled texts") { path in
            try LabelledTexts(path: path, columns: configuration.columns)
        }
        return ClassifySource(data: data, name: configuration.data ?? "")
    }

    /// The classes, and the tokens of the texts for training.
    ///
    /// - Throws: `RecurrentError` where the texts have too few different tokens.
    public static func prepare(
        _ source: ClassifySource, _ configuration: ClassifyConfiguration
    ) throws -> ClassifyPreparation {
        let training = try source.parts(configuration).training
        return ClassifyPreparation(
            labelNames: source.data.whole.labelNames,
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
        examples = try source.parts(configuration).map { texts in
            try preparation.examples(of: texts, limit: configuration.sequenceLength, name: source.name)
        }
        plan = try BatchPlan(
            lengths: examples.training.sequences.map(\.count), batchSize: configuration.batchSize,
            groupedBatches: Self.groupedBatches)
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
        let vocabulary = preparation.vocabulary
        let embedding = configuration.embeddingWidth(vocabulary)
        let width = embedding ?? vocabulary.size
        let rows = configuration.sequenceLength * configuration.batchSize
        let direction = configuration.stack.trainingBytes(
            inputSize: width, outputSize: ClassifyNetwork.projectionSize, rows: rows,
            outputRows: configuration.batchSize, vocabulary: embedding == nil ? 0 : vocabulary.size)
        return 2 * direction + 8 * Double(rows) * Double(width)
    }

    /// The mean cross-entropy of a batch.
    public func loss(of network: ClassifyNetwork, position: Int) -> Tensor {
        let (texts, labels) = examples.training.batch(plan[position])
        return sparseSoftmaxCrossEntropy(logits: network(texts), labels: labels).mean()
    }

    /// The mean cross-entropy and the accuracy on the validation part.
    public func validation(of network: ClassifyNetwork) -> Evaluation? {
        guard examples.validation.count > 0 else { return nil }
        let (loss, matrix) = examples.validation.evaluated(by: network, labelNames: preparation.labelNames)
        return Evaluation(loss: loss, measures: ["accuracy": matrix.accuracy])
    }

    /// The highest accuracy.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// What the texts that were kept for it are taken for.
    public func pictures(of network: ClassifyNetwork) -> [NamedPicture] {
        let kept = examples.evaluation { $0.count == 0 }.part
        let matrix = kept.evaluated(by: network, labelNames: preparation.labelNames).matrix
        return [NamedPicture("confusion-matrix", matrix.picture())]
    }
}
