import Recurrent
import RecurrentTraining

/// Training of a model that writes by hand: the negative log-likelihood of every movement after those before it.
public struct HandwritingTask: StoredTask {
    /// What was found out from the training data.
    public let preparation: HandwritingPreparation
    private let training, held: HandwritingExamples
    private let order: BatchOrder
    private var batches: [[Int]] = []

    // Drawings that are judged at a time, and batches whose drawings are sorted by length before they are cut.
    private static let judgedTogether = 128
    private static let groupedBatches = 16

    /// Reads or composes the drawings.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    public static func read(_ configuration: HandwritingConfiguration) throws -> HandwritingSource {
        try HandwritingSource(configuration)
    }

    /// The size of movements, the characters of texts, and the Gaussian that a model is held against.
    ///
    /// - Throws: `RecurrentError` where there is nothing to train on.
    public static func prepare(
        _ source: HandwritingSource, _ configuration: HandwritingConfiguration
    ) throws -> HandwritingPreparation {
        try HandwritingPreparation(
            try source.parts(configuration).training, writesText: configuration.writesText)
    }

    /// Whether the preparation is that of such a model.
    ///
    /// - Throws: `RecurrentError` where it is not.
    public static func check(
        _ preparation: HandwritingPreparation, _ configuration: HandwritingConfiguration
    ) throws { try preparation.check(configuration) }

    /// Divides and scales the drawings.
    ///
    /// - Throws: `RecurrentError` where there is nothing to train on, or a text has a character that the preparation lacks.
    public init(
        _ configuration: HandwritingConfiguration, preparation: HandwritingPreparation, source: HandwritingSource
    ) throws {
        self.preparation = preparation
        let parts = try source.parts(configuration)
        training = try HandwritingExamples(parts.training, preparation, name: source.name)
        held = try HandwritingExamples(parts.validation, preparation, name: source.name)
        order = try BatchOrder(batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation, _ binder: inout Binder
    ) -> HandwritingNetwork { HandwritingNetwork(configuration, symbols: preparation.symbols, &binder) }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(
        _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation
    ) -> Double {
        let rows = configuration.sequenceLength * configuration.batchSize
        let width = 3 + preparation.symbols + configuration.hiddenSize
        let outputs = MixtureDensity.outputWidth(components: configuration.mixtures)
        return CellKind.lstm.trainingBytes(
            inputSize: width, hiddenSize: configuration.hiddenSize, layers: configuration.layers, outputSize: outputs,
            rows: rows, outputRows: rows) + 12 * Double(rows) * Double(width) * Double(configuration.layers)
    }

    /// As many batches as hold all drawings for training.
    public var stepsPerEpoch: Int { (training.count + order.batchSize - 1) / order.batchSize }

    /// The drawings of a batch; the last may have fewer.
    public var itemsPerStep: Int { min(order.batchSize, training.count) }

    /// Draws the batches of a pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        batches = order.batches(lengths: training.lengths, random: &random)
    }

    /// The mean loss of a batch's movements.
    public func loss(
        of network: HandwritingNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        (training.batch(batches[position]).meanLoss(of: network), [])
    }

    /// The mean loss on the drawings held back, and how far it lies below that of the single Gaussian ("gain").
    public func validation(of network: HandwritingNetwork) -> Evaluation? {
        held.count == 0 ? nil : Self.judge(network, preparation, on: held)
    }

    /// The mean loss on drawings, and how far it lies below that of the single Gaussian ("gain").
    static func judge(
        _ network: HandwritingNetwork, _ preparation: HandwritingPreparation, on examples: HandwritingExamples
    ) -> Evaluation {
        var (loss, single, count) = (0.0, 0.0, 0)
        for begin in stride(from: 0, to: examples.count, by: judgedTogether) {
            let batch = examples.batch(Array(begin..<min(begin + judgedTogether, examples.count)))
            loss += Double(batch.count) * Double(batch.meanLoss(of: network).scalar)
            single += Double(batch.count) * Double(batch.meanLoss(ofOutputs: preparation.singleGaussian).scalar)
            count += batch.count
        }
        return Evaluation(loss: loss / Double(count), measures: ["gain": (single - loss) / Double(count)])
    }

    /// The mean loss on the test part of a run's drawings, or where they have none, on those that chose the best
    /// weights; of other data, on all that can be used. `name` says which.
    ///
    /// - Throws: `RecurrentError` where there is nothing to judge by.
    public static func evaluation(
        of network: HandwritingNetwork, _ run: TaskRun<HandwritingTask>, dataPath: String?
    ) throws -> (evaluation: Evaluation, drawings: Int, name: String) {
        let source = try run.source(dataPath: dataPath)
        let parts = try source.parts(run.configuration)
        let (drawings, name) =
            if dataPath != nil {
                (parts.training + parts.validation + parts.test, source.name)
            } else if !parts.test.isEmpty {
                (parts.test, "the test part of \(source.name)")
            } else {
                (parts.validation, "the validation part of \(source.name)")
            }
        guard !drawings.isEmpty else {
            throw RecurrentError(
                "\(source.name): nothing is held back (`validationFraction` 0); `data` says what to judge by")
        }
        let examples = try HandwritingExamples(drawings, run.preparation, name: source.name)
        return (judge(network, run.preparation, on: examples), examples.count, name)
    }
}
