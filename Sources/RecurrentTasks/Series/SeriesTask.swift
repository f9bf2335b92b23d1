import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a forecasting model: batches of a series' windows, their squared errors, and those on later windows.
public struct SeriesTask: StoredTask, BatchedTask {
    /// What the model is and how it is trained.
    public let configuration: SeriesConfiguration
    /// The columns and their scaler.
    public let preparation: SeriesPreparation
    /// What is learned from.
    package let training: SeriesPart
    /// What the best weights are chosen by, if any.
    package let validation: SeriesPart?
    /// What takes no part in any choice, if anything is left for it.
    package let test: SeriesPart?
    /// The whole series, oldest row first, unscaled.
    package let series: TimeSeries
    /// What was found out about the table and its time, a line each.
    package let findings: [String]
    /// Which windows stand together.
    public var plan: BatchPlan

    /// Reads the table.
    public static func read(_ configuration: SeriesConfiguration) throws -> SeriesSource {
        try SeriesSource(configuration)
    }

    /// Chooses the columns and fits the scaler.
    public static func prepare(_ source: SeriesSource, _ configuration: SeriesConfiguration) throws -> SeriesPreparation
    {
        try SeriesPreparation(source, configuration)
    }

    /// Whether the columns, the target and the scaler belong together, and the scaler is of the kind that is configured.
    public static func check(_ preparation: SeriesPreparation, _ configuration: SeriesConfiguration) throws {
        let (columns, scaler) = (preparation.columns, preparation.scaler)
        guard columns.indices.contains(preparation.target), preparation.trainingRows > 0 else {
            throw RecurrentError(
                "the target is column \(preparation.target) of \(columns.count), from 0, and there are \(preparation.trainingRows) rows"
            )
        }
        guard scaler.kind == configuration.scaling else {
            throw RecurrentError(
                "`scaling` is \(configuration.scaling.rawValue), but the model was trained with "
                    + "\(scaler.kind.rawValue); a run that starts from another keeps its scaler")
        }
        if let width = scaler.width, width != columns.count {
            throw RecurrentError("the scaler is of \(width) columns; the model reads \(columns.count)")
        }
    }

    /// Divides the series, and cuts its parts into windows.
    public init(_ configuration: SeriesConfiguration, preparation: SeriesPreparation, source: SeriesSource) throws {
        self.configuration = configuration
        self.preparation = preparation
        let series = try source.series(of: preparation.columns)
        self.series = series
        findings = source.data?.findings(of: series) ?? []
        let split = try SeriesSplit(rows: series.count, configuration, name: source.name)
        func part(_ name: String, _ rows: Range<Int>?, of series: TimeSeries) throws -> SeriesPart? {
            try rows.map { rows in
                try SeriesPart(name, of: series, rows: rows, configuration, preparation, source: source.name)
            }
        }
        guard let training = try part("training", split.training, of: series) else {
            fatalError("a split has rows for training")
        }
        self.training = training
        if source.data == nil {
            validation = try part("between", 0..<GeneratedSignal.between.count, of: GeneratedSignal.between)
            test = nil
        } else {
            validation = try part("validation", split.validation, of: series)
            test = try part("test", split.test, of: series)
        }
        let all = training.windows.count
        plan = try BatchPlan(count: all, batchSize: configuration.batchSize == 0 ? all : configuration.batchSize)
    }

    /// The parts in the order of time.
    package var parts: [SeriesPart] { [training, validation, test].compactMap { $0 } }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        let batch = configuration.batchSize == 0 ? .max : configuration.batchSize
        let windows = min(batch, preparation.trainingRows)
        let rows = (configuration.window + configuration.olderSteps) * windows
        return configuration.stack.trainingBytes(
            inputSize: preparation.columns.count, outputSize: configuration.horizon, rows: rows,
            outputRows: configuration.predictsEveryStep ? rows : windows)
    }

    /// The mean or sum of the squared errors of a batch.
    public func loss(of network: SeriesNetwork, position: Int) -> Tensor {
        let errors = squaredErrors(of: network, on: training.windows, plan[position])
        return configuration.loss == .mean ? errors.mean() : errors.sum()
    }

    /// The loss of the validation part, and the root of its mean squared error in the data's own units.
    public func validation(of network: SeriesNetwork) -> Evaluation? {
        guard let windows = validation?.windows else { return nil }
        var count = 0
        let mean = Evaluation.meanLoss(over: windows.chunks) { chunk in
            let errors = squaredErrors(of: network, on: windows, chunk)
            count += errors.count
            return (Double(errors.sum().scalar), errors.count)
        }
        let forecasts = SeriesForecaster(configuration, preparation, network).errors(on: windows)
        // As if over a batch, so that a sum can be compared with the sum over a batch in training.
        let batchCount = Double(count) / Double(windows.count) * Double(itemsPerStep)
        return Evaluation(
            loss: configuration.loss == .mean ? mean : mean * batchCount, measures: ["RMSE": forecasts.model.overall])
    }

    private func squaredErrors(
        of network: SeriesNetwork, on windows: SeriesWindows, _ chosen: some Collection<Int>
    ) -> Tensor {
        let (inputs, targets) = windows.batch(chosen)
        let expected = configuration.predictsEveryStep ? windows.valuesAfterEveryStep(chosen) : targets
        return (network(inputs) - expected).squared()
    }

    /// The window, the recurrent layers, the dense layer and the squared error.
    public static func graph(
        _ configuration: SeriesConfiguration, _ preparation: SeriesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let time = "\(configuration.window + configuration.olderSteps)"
        let steps = configuration.predictsEveryStep ? "\(time), " : ""
        let window = "[\(time), batch, \(preparation.columns.count)]"
        return configuration.stack.graph(
            "Forecasting model", from: .init("window", kind: "input", shape: window), steps: time,
            to: .layer(shape: "[\(steps)batch, \(configuration.horizon)]", parameters),
            loss: "\(configuration.loss.rawValue) of squared errors", parameters: parameters)
    }
}

/// A forecasting model: stacked cells over the rows of a window, and a dense layer to the values that follow.
public struct SeriesNetwork: StoredNetwork, Sendable {
    private let layers: RecurrentStack.Cells
    private let output: Dense
    private let predictsEveryStep: Bool

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: SeriesConfiguration, _ preparation: SeriesPreparation, _ binder: inout Binder) {
        let stack = configuration.stack
        layers = stack.cells(inputSize: preparation.columns.count, &binder["cell"])
        output = Dense(
            inputSize: stack.hiddenSize, outputSize: configuration.horizon, initializer: stack.inputInitializer,
            &binder["output"])
        predictsEveryStep = configuration.predictsEveryStep
    }

    /// What follows windows `[time, batch, features]`: `[batch, horizon]`, or `[time, batch, horizon]` where it
    /// predicts after every step.
    package func callAsFunction(_ windows: Tensor) -> Tensor {
        let hidden = layers.unroll(windows).outputs
        return output(predictsEveryStep ? hidden : hidden[hidden.shape[0] - 1])
    }

    /// What follows the ends of windows `[time, batch, features]`: `[batch, horizon]`.
    package func forecast(_ windows: Tensor) -> Tensor {
        let predictions = self(windows)
        return predictsEveryStep ? predictions[predictions.shape[0] - 1] : predictions
    }
}

/// A part of a series that serves one purpose.
package struct SeriesPart: Sendable {
    /// What it serves for: "training", "validation", "test".
    package let name: String
    /// The place of its first row in the series.
    package let firstRow: Int
    /// Its windows, scaled.
    package let windows: SeriesWindows

    /// Cuts some rows of a series into windows. `source` is what errors call the series.
    ///
    /// - Throws: `RecurrentError` where they are fewer than a window and its forecast need.
    init(
        _ name: String, of series: TimeSeries, rows: Range<Int>, _ configuration: SeriesConfiguration,
        _ preparation: SeriesPreparation, source: String
    ) throws {
        self.name = name
        firstRow = rows.lowerBound
        windows = try SeriesWindows(
            preparation.scaler.transform(series[rows]), target: preparation.target,
            steps: configuration.windowSteps(), horizon: configuration.horizon, name: source)
    }

    // Windows of the training part that are judged, and of each part that are drawn: more take longer and say little more.
    private static let judgedWindows = 20_000
    private static let drawnWindows = 5000

    /// The windows by which a model is judged: of the training part, which says little of what is to come, some.
    package var judged: SeriesWindows { name == "training" ? windows.thinned(to: Self.judgedWindows) : windows }

    /// The windows after which forecasts are drawn.
    package var drawn: SeriesWindows { windows.thinned(to: Self.drawnWindows) }

    /// The rows of the series that are forecast.
    package var predictedRows: Range<Int> {
        let windows = windows
        let last = windows.predictedRows(windows.count - 1).upperBound
        return firstRow + windows.predictedRows(0).lowerBound..<firstRow + last
    }
}

extension TaskRun<SeriesTask> {
    /// The parts of the run's own series; or all of another file's, as one part.
    ///
    /// - Throws: `RecurrentError` where the data cannot be read, or lacks the columns.
    package func parts(dataPath: String?) throws -> [SeriesPart] {
        let source = try source(dataPath: dataPath)
        if isOwn(source, from: dataPath) {
            return try SeriesTask(configuration, preparation: preparation, source: source).parts
        }
        let series = try source.series(of: preparation.columns)
        return [
            try SeriesPart(
                source.name, of: series, rows: 0..<series.count, configuration, preparation, source: source.name)
        ]
    }

    /// The run's own series, or that of another file, all of it and unscaled.
    ///
    /// - Throws: `RecurrentError` where the data cannot be read, or lacks the columns.
    package func series(dataPath: String?) throws -> TimeSeries {
        try source(dataPath: dataPath).series(of: preparation.columns)
    }
}

extension SeriesSplit {
    /// Divides so many rows as a configuration says.
    init(rows: Int, _ configuration: SeriesConfiguration, name: String) throws {
        try self.init(
            rows: rows, span: configuration.windowSteps().span, horizon: configuration.horizon,
            trainFraction: configuration.trainFraction, validationFraction: configuration.validationFraction,
            isApart: configuration.parting == .apart, name: name)
    }
}
