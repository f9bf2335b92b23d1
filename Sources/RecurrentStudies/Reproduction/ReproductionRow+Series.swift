import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// The seeds that forecasting models are trained from; what counts is the median.
private let seeds: ClosedRange<UInt64> = 0...4

/// Those of the signal's models, which learn in a second but differ widely early on: medians of five of them still
/// differ by a factor of two after 100 steps.
private let manySeeds: ClosedRange<UInt64> = 0...24

extension ReproductionRow {
    /// The errors that the notes print after 100 to 400 iterations on their generated signal; here on a fixed grid, all
    /// windows of the signal half-way between the points that are learned.
    static let seriesSignal = ReproductionRow(
        "series-signal", source: "notes \"Recurrent Neural Networks\": Training to Predict Time Series"
    ) { _, _ in
        let bounds = [0.54, 0.17, 0.09, 0.07]
        let runs = try manySeeds.map { seed -> [Double] in
            var trainer = try trainer(.signal, seed: seed)
            return try bounds.map { _ in
                for _ in 0..<100 { try trainer.advance() }
                return try trainer.validation()?.loss ?? .nan
            }
        }
        return .measurements(
            of: "squared error",
            bounds.indices.map { place in
                BoundedMeasurement(
                    "after \(100 * (place + 1)) steps", expected: 0...bounds[place], got: runs.map { $0[place] })
            }, picture: nil)
    }

    /// The published protocol for the airline passengers, whose one run gave 22.93 and 47.53, with its leak; and the
    /// honest one, whose scaler knows the training part only.
    static let airline = ReproductionRow(
        "airline", source: "J. Brownlee, \"Time Series Prediction with LSTM ... in Python with Keras\"",
        data: .airlinePassengers
    ) { path, _ in
        try .measurements(
            of: "RMSE",
            forecastErrors(.airline, path, "scaler fitted to all, a leak", training: 24.5, test: 51)
                + forecastErrors(.airline, path, "scaler fitted to training") { $0.scalerFit = .training }
                + naiveErrors(.airline, path), picture: nil)
    }

    /// The notes' forecast of a share's price, in its currency, beside the naive one.
    static let stockForecast = ReproductionRow(
        "stock-forecast", source: "notes \"RNN in TensorFlow\": RNN with time series data (stock)", data: .stockPrices
    ) { path, _ in
        try .measurements(
            of: "RMSE", forecastErrors(.stock, path, "LSTM of 10") + naiveErrors(.stock, path), picture: nil)
    }

    private static func trainer(
        _ recipe: SeriesConfiguration.Recipe, _ path: String? = nil, seed: UInt64,
        change: (inout SeriesConfiguration) -> Void = { _ in }
    ) throws -> Trainer<SeriesTask> {
        var configuration = SeriesConfiguration(recipe)
        configuration.data = path
        configuration.seed = seed
        change(&configuration)
        return try Trainer(configuration)
    }

    /// The errors on the training and the test part after all of the recipe's passes.
    private static func forecastErrors(
        _ recipe: SeriesConfiguration.Recipe, _ path: String?, _ title: String, training: Double? = nil,
        test: Double? = nil, change: (inout SeriesConfiguration) -> Void = { _ in }
    ) throws -> [BoundedMeasurement] {
        let runs = try seeds.map { seed -> [Double] in
            var trainer = try trainer(recipe, path, seed: seed, change: change)
            let task = trainer.task
            for _ in 0..<task.configuration.epochs * task.stepsPerEpoch { try trainer.advance() }
            return trainer.model.evaluate { network in
                let forecaster = SeriesForecaster(task.configuration, task.preparation, network)
                return task.parts.map { forecaster.errors(on: $0.windows).model.overall }
            }
        }
        return [
            BoundedMeasurement("\(title): training", expected: training.map { 0...$0 }, got: runs.compactMap(\.first)),
            BoundedMeasurement("\(title): test", expected: test.map { 0...$0 }, got: runs.compactMap(\.last)),
        ]
    }

    private static func naiveErrors(
        _ recipe: SeriesConfiguration.Recipe, _ path: String?
    ) throws -> [BoundedMeasurement] {
        let trainer = try trainer(recipe, path, seed: 0)
        let task = trainer.task
        return trainer.model.evaluate { network in
            let forecaster = SeriesForecaster(task.configuration, task.preparation, network)
            return task.parts.map { part in
                let error = forecaster.errors(on: part.windows).naive.overall
                return BoundedMeasurement("naive forecast: \(part.name)", expected: nil, got: [error])
            }
        }
    }
}
