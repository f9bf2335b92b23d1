import Recurrent
import RecurrentTraining

/// Training of a model that writes by hand: the negative log-likelihood of every movement after those before it.
public struct HandwritingTask: StoredTask, BatchedTask {
    /// What was found out from the training data.
    public let preparation: HandwritingPreparation
    private let training, held: HandwritingExamples
    /// Which drawings stand together.
    public var plan: BatchPlan

    // Drawings that are evaluated at a time, and batches whose drawings are sorted by length before they are cut.
    private static let evaluatedTogether = 128
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
        plan = try BatchPlan(
            lengths: training.lengths, batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
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
        return configuration.stack.trainingBytes(inputSize: width, outputSize: outputs, rows: rows, outputRows: rows)
            + 12 * Double(rows) * Double(width) * Double(configuration.layers)
    }

    /// The mean loss of a batch's movements.
    public func loss(of network: HandwritingNetwork, position: Int) -> Tensor {
        training.batch(plan[position]).meanLoss(of: network)
    }

    /// The mean loss on the drawings held back, and how far it lies below that of the single Gaussian ("gain").
    public func validation(of network: HandwritingNetwork) -> Evaluation? {
        held.count == 0 ? nil : Self.evaluate(network, preparation, on: held)
    }

    /// The mean loss on drawings, and how far it lies below that of the single Gaussian ("gain").
    static func evaluate(
        _ network: HandwritingNetwork, _ preparation: HandwritingPreparation, on examples: HandwritingExamples
    ) -> Evaluation {
        let batches = ExampleParts.inOrder(examples.count, size: evaluatedTogether).map { examples.batch(Array($0)) }
        func mean(_ loss: (HandwritingBatch) -> Tensor) -> Double {
            Evaluation.meanLoss(over: batches) { ($0.weighted(loss($0)), $0.count) }
        }
        let loss = mean { $0.meanLoss(of: network) }
        let single = mean { $0.meanLoss(ofOutputs: preparation.singleGaussian) }
        return Evaluation(loss: loss, measures: ["gain": single - loss])
    }

    /// The mean loss on the test part of a run's drawings, or where they have none, on those that chose the best
    /// weights; of other data, on all that can be used. `name` says which.
    ///
    /// - Throws: `RecurrentError` where there is nothing to evaluate on.
    package static func evaluation(
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
                "\(source.name): nothing is held back (`validationFraction` 0); `data` says what to evaluate on")
        }
        let examples = try HandwritingExamples(drawings, run.preparation, name: source.name)
        return (evaluate(network, run.preparation, on: examples), examples.count, name)
    }
}
