import Recurrent
import RecurrentPictures
import RecurrentTraining

/// Training of a model that writes by hand: the negative log-likelihood of every movement after those before it.
public struct HandwritingTask: StoredTask, BatchedTask {
    private let preparation: HandwritingPreparation
    private let training, held: HandwritingExamples
    /// Which drawings stand together.
    public var plan: BatchPlan

    /// Reads or composes the drawings.
    public static func read(_ configuration: HandwritingConfiguration) throws -> HandwritingSource {
        try HandwritingSource(configuration)
    }

    /// The size of movements, the characters of texts, and the Gaussian that a model is held against.
    public static func prepare(
        _ source: HandwritingSource, _ configuration: HandwritingConfiguration
    ) throws -> HandwritingPreparation {
        try HandwritingPreparation(source.parts(configuration).training, writesText: configuration.writesText)
    }

    /// Whether all parts are such as training makes them.
    public static func check(_ preparation: Preparation, _ configuration: Configuration) throws {
        let (gaussian, characters) = (preparation.singleGaussian, preparation.characters)
        guard gaussian.count == 7, gaussian.allSatisfy(\.isFinite) else {
            throw RecurrentError("the Gaussian has \(gaussian.count) numbers; expected 7 finite ones")
        }
        guard configuration.writesText != characters.isEmpty, Set(characters).count == characters.count else {
            throw RecurrentError(
                "the characters are \"\(characters)\"; expected "
                    + (configuration.writesText ? "one or more, each once" : "none, as the model writes no text"))
        }
    }

    /// Divides and scales the drawings.
    public init(
        _ configuration: HandwritingConfiguration, preparation: HandwritingPreparation, source: HandwritingSource
    ) throws {
        self.preparation = preparation
        let parts = try source.parts(configuration)
        training = try HandwritingExamples(parts.training, preparation, name: source.name)
        held = try HandwritingExamples(parts.validation, preparation, name: source.name)
        plan = try BatchPlan(lengths: training.lengths, batchSize: configuration.batchSize, groupedBatches: 16)
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
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
        let batches = ExampleParts.inOrder(examples.count, size: 128).map { examples.batch(Array($0)) }
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
        let all = parts.training + parts.validation + parts.test
        let held = parts.test.isEmpty ? ("validation", parts.validation) : ("test", parts.test)
        let (name, drawings) =
            run.isOwn(source, from: dataPath) ? ("the \(held.0) part of \(source.name)", held.1) : (source.name, all)
        guard !drawings.isEmpty else {
            throw RecurrentError(
                "\(source.name): nothing is held back (`validationFraction` 0); `data` says what to evaluate on")
        }
        let examples = try HandwritingExamples(drawings, run.preparation, name: source.name)
        return (evaluate(network, run.preparation, on: examples), examples.count, name)
    }

    /// The layers, each of which reads the movements and the layer below, the window where there is one, and the outputs,
    /// which read all layers.
    public static func graph(
        _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let (writesText, symbols) = (configuration.writesText, preparation.symbols)
        let names = (0..<configuration.layers).map { "layers.\($0)" }
        var graph = NetworkGraph(
            title: writesText ? "From a text to handwriting" : "From movements to the next", nodes: [], edges: [])
        graph.add(.init("movements", kind: "dx, dy, end of stroke", shape: "[time, batch, 3]"))
        if writesText { graph.add(.init("text", kind: "one-hot", shape: "[batch, characters, \(symbols)]")) }
        for (layer, name) in names.enumerated() {
            graph.add(
                .init(
                    name, kind: "LSTM with peepholes", shape: "[time, batch, \(configuration.hiddenSize)]",
                    parameters: parameters.count(of: name), state: CellKind.lstm.stateNames),
                after: ["movements"] + (layer == 0 ? [] : [names[layer - 1]] + (writesText ? ["window"] : [])))
            guard layer == 0, writesText else { continue }
            graph.add(
                .init(
                    "window", kind: "soft window, \(configuration.windowComponents) curves",
                    shape: "[time, batch, \(symbols)]", parameters: parameters.count(of: "window"),
                    state: "kappa, window"), after: ["text", name])
        }
        let outputs = MixtureDensity.outputWidth(components: configuration.mixtures)
        graph.add(.layer(shape: "[time, batch, \(outputs)]", parameters), after: names)
        graph.add(.loss("mixture density"), after: ["output"])
        return graph
    }
}
