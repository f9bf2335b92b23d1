import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension SeriesTask: ShownTask {
    static let unit = "windows"
    static let lossUnit = "squared error"

    static func title(_ configuration: SeriesConfiguration, _ preparation: SeriesPreparation) -> String {
        "Forecasting model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), windows "
            + "of \(configuration.window + configuration.olderSteps) x \(preparation.columns.count), the next "
            + "\(configuration.horizon) of \(preparation.targetTitle)"
    }

    /// Some twenty evaluations at equal distances; of the signal every 100 steps, as in the notes.
    static func schedule(_ configuration: SeriesConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        let steps = configuration.epochs * stepsPerEpoch
        let every = configuration.data == nil ? 100 : max(1, configuration.epochs / 20) * stepsPerEpoch
        return TrainingSchedule(steps: steps, evaluateEvery: every, checkpointEvery: every)
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path)" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let parts = try run.parts(dataPath: options.dataPath)
        let errors = model.evaluate { network in
            let forecaster = SeriesForecaster(run.configuration, run.preparation, network)
            return parts.map { forecaster.errors(on: $0.windows) }
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
