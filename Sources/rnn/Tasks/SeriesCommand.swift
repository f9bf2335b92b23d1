import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

extension SeriesConfiguration.Recipe: ExpressibleByArgument {}
extension SeriesScaler.Kind: ExpressibleByArgument {}
extension SeriesConfiguration.ScalerFit: ExpressibleByArgument {}
extension SeriesConfiguration.Loss: ExpressibleByArgument {}
extension MissingValues: ExpressibleByArgument {}

/// `rnn train series`.
struct TrainSeriesCommand: TrainTaskCommand {
    typealias Task = SeriesTask

    static let configuration = CommandConfiguration(
        commandName: "series", abstract: "Trains a model that forecasts numbers over time.",
        discussion: """
            Without --data it learns the signal t sin(t)/3 + 2 sin(5t) in a second. With --data FILE it learns from a \
            table: cells with commas, semicolons or tabs between them, with or without a header, lines that begin with # \
            passed over. The rows come in the order of time. A forecast that repeats the last value, the naive one, \
            stands beside every result.

            --recipe airline and --recipe stock set every other option as in published protocols for the airline \
            passengers and for the notes' stock prices; options given beside it change it.

            With --data: \(RecurrentOptions.defaults(SeriesConfiguration())) \(SeriesConfiguration().epochs) epochs; \
            --batch-size 0 is all windows in one.
            """)

    @Option(help: "A table of numbers (default: the signal).")
    var data: String?

    @Option(help: "A known protocol (default: signal without --data).")
    var recipe: SeriesConfiguration.Recipe?

    @OptionGroup var recurrent: RecurrentOptions

    @Option(help: "The column to forecast, by name or number from 1 (default: the last of the features).")
    var target: String?

    @Option(
        parsing: .upToNextOption,
        help: "The columns to read, with blanks between them (default: all of numbers); the target always is one.")
    var features: [String] = []

    @Flag(help: "The file's first row is its newest.")
    var newestFirst = false

    @OptionGroup var format: TableOptions

    @Option(help: "What becomes of rows with a missing number (default: refuse).")
    var missing: MissingValues?

    @Option(parsing: .unconditional, help: "Rows that a window shows (default: 20).")
    var window: Int?

    @Option(parsing: .unconditional, help: "Older rows that it shows before them (default: 0).")
    var olderSteps: Int?

    @Option(parsing: .unconditional, help: "How many rows the older ones lie apart (default: 1).")
    var olderSpacing: Int?

    @Option(parsing: .unconditional, help: "How many values to forecast, the next one first (default: 1).")
    var horizon: Int?

    @Option(help: "How columns are scaled (default: min-max).")
    var scaler: SeriesScaler.Kind?

    @Option(help: "What the scaler is fitted to; the whole series is a leak (default: training).")
    var scalerFit: SeriesConfiguration.ScalerFit?

    @Option(parsing: .unconditional, help: "Share of the windows, at the beginning, for training (default: 0.7).")
    var trainFraction: Double?

    @Option(
        parsing: .unconditional,
        help: "Share after those that the best weights are chosen by (default: 0.1); the rest is for the test.")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Layers (default: 1).")
    var numLayers: Int?

    @Flag(inversion: .prefixedNo, help: "Forecast after every step of a window, not only at its end (default: no).")
    var predictEveryStep: Bool?

    @Option(help: "The mean of the squared errors of a batch or their sum (default: mean).")
    var loss: SeriesConfiguration.Loss?

    @Option(parsing: .unconditional, help: "Added to an LSTM's forget gate (default: 1).")
    var forgetBias: Float?

    @Option(help: "Initialiser of the weights of inputs and outputs (default: glorot-uniform).")
    var initializer: String?

    @Option(help: "Initialiser of the recurrent weights (default: orthogonal).")
    var recurrentInitializer: String?
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SeriesConfiguration?) -> SeriesConfiguration {
        let usual = data == nil ? SeriesConfiguration(.signal) : SeriesConfiguration()
        var configuration = initial ?? recipe.map { SeriesConfiguration($0) } ?? usual
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        recurrent.apply(to: &configuration, from: initial)
        configuration.set(\.target, target)
        configuration.set(\.features, features.isEmpty ? nil : features)
        configuration.set(\.order, newestFirst ? .newestFirst : nil)
        format.apply(to: &configuration.format)
        configuration.set(\.missing, missing)
        configuration.set(\.window, window)
        configuration.set(\.olderSteps, olderSteps)
        configuration.set(\.olderSpacing, olderSpacing)
        configuration.set(\.horizon, horizon)
        configuration.set(\.scaling, scaler)
        configuration.set(\.scalerFit, scalerFit)
        configuration.set(\.trainFraction, trainFraction)
        configuration.set(\.validationFraction, valFraction)
        configuration.set(\.layers, numLayers)
        configuration.set(\.predictsEveryStep, predictEveryStep)
        configuration.set(\.loss, loss)
        configuration.set(\.forgetBias, forgetBias)
        configuration.set(\.initializer, initializer)
        configuration.set(\.recurrentInitializer, recurrentInitializer)
        return configuration
    }

    func checkOptions() throws {
        if let recipe, recipe != .signal, data == nil {
            throw ValidationError("--recipe \(recipe.rawValue) needs --data with its table")
        }
        if recipe != nil, training.target.initFrom != nil {
            throw ValidationError("--recipe and --init-from both say what to train; give one of them")
        }
    }

    static func runName(_ configuration: SeriesConfiguration) -> String {
        "series-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)"
    }
}

extension SeriesTask: GeneratingTask, PredictingTask {
    var remarks: [String] { findings }

    static let unit = "windows"
    static let lossUnit = "squared error"

    static func title(_ configuration: SeriesConfiguration, _ preparation: SeriesPreparation) -> String {
        "Forecasting model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), windows "
            + "of \(configuration.window + configuration.olderSteps) x \(preparation.columns.count), the next "
            + "\(configuration.horizon) of \(preparation.targetTitle)"
    }

    /// An evaluation after every epoch where it chooses the weights, or else some twenty; of the signal every 100 steps, as
    /// in the notes.
    static func schedule(_ configuration: SeriesConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        let steps = configuration.epochs * stepsPerEpoch
        let twentieth = max(1, configuration.epochs / 20) * stepsPerEpoch
        let every = configuration.data == nil ? 100 : twentieth
        let choosesWeights = configuration.data != nil && configuration.validationFraction > 0
        return TrainingSchedule(
            steps: steps, evaluateEvery: choosesWeights ? stepsPerEpoch : every, checkpointEvery: every)
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path)" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let parts = try run.parts(dataPath: options.dataPath)
        let errors = model.evaluate { network in
            let forecaster = SeriesForecaster(run.configuration, run.preparation, network)
            return parts.map { forecaster.errors(on: $0.judged) }
        }
        let series = try run.series(dataPath: options.dataPath)
        return SeriesReport(
            configuration: run.configuration, preparation: run.preparation, parts: parts, errors: errors, series: series
        ).report
    }

    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws {
        guard options.temperature == 1, options.topK == nil, options.topP == nil, options.seed == nil else {
            throw RecurrentError(
                "--temperature, --top-k, --top-p and --seed have no meaning for a series, which goes on without chance")
        }
        let prompt = options.prompt ?? "zeros"
        guard ["zeros", "data"].contains(prompt) else {
            throw RecurrentError("--prompt is \(prompt); expected zeros, or data for the last window of the run's data")
        }
        let series = prompt == "data" ? try run.series(dataPath: nil) : nil
        let sequence = try model.evaluate { network in
            try SeriesForecaster(run.configuration, run.preparation, network)
                .sequence(options.length ?? 300, from: series.map { .end(of: $0) } ?? .zeros)
        }
        if options.json {
            try Console.json(["seed": sequence.seed, "values": sequence.values, "prompt": prompt])
        } else {
            for value in sequence.values { try Console.result("\(Float(value))") }
        }
        let picture = try sequenceChart(sequence).write(as: "generated-\(prompt)", into: run.directory.picturesPath)
        Console.note("Picture: \(picture)")
    }

    /// The values that follow the run's own series, or each of the files.
    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        let paths: [String?] = options.inputs.isEmpty ? [nil] : options.inputs
        for path in paths {
            let series = try run.series(dataPath: path)
            let name = path ?? run.configuration.data ?? "the signal"
            let forecast = try model.evaluate { network in
                do {
                    return try SeriesForecaster(run.configuration, run.preparation, network).forecast(after: series)
                } catch { throw RecurrentError("\(name): \(error)") }
            }
            if options.json {
                var fields: [String: any Sendable] = ["data": name, "rows": series.count, "forecast": forecast]
                if let last = series.labels?.last { fields["after"] = last }
                try Console.json(fields)
            } else {
                Console.note("After \(series.labels?.last ?? "row \(series.count)") of \(name):")
                for value in forecast { try Console.result("\(Float(value))") }
            }
        }
    }
}
