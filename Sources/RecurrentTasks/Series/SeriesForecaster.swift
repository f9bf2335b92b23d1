import Recurrent
import RecurrentData

/// Forecasts, in the data's own units, with a trained forecasting model.
public struct SeriesForecaster {
    private let configuration: SeriesConfiguration
    private let preparation: SeriesPreparation
    private let network: SeriesNetwork

    /// Puts together what a run holds.
    public init(_ configuration: SeriesConfiguration, _ preparation: SeriesPreparation, _ network: SeriesNetwork) {
        self.configuration = configuration
        self.preparation = preparation
        self.network = network
    }

    /// What is forecast after every window, the next value first: [windows][horizon].
    package func forecasts(after windows: SeriesWindows) -> [[Double]] {
        windows.chunks.flatMap { chunk -> [[Double]] in
            let scaled = network.forecast(windows.batch(chunk).inputs)
            let values = unscaled(scaled.doubles)
            return chunk.indices.map { place in
                let start = (place - chunk.startIndex) * windows.horizon
                return Array(values[start..<start + windows.horizon])
            }
        }
    }

    /// The errors of the model and of the naive forecast, which repeats the last value.
    public func errors(on windows: SeriesWindows) -> ForecastErrors {
        let values = unscaled(windows.series.columns[windows.target])
        var model = Array(repeating: 0.0, count: windows.horizon)
        var naive = model
        for (window, forecast) in forecasts(after: windows).enumerated() {
            let rows = windows.predictedRows(window)
            for (step, row) in rows.enumerated() {
                let (error, naiveError) = (forecast[step] - values[row], values[rows.lowerBound - 1] - values[row])
                model[step] += error * error
                naive[step] += naiveError * naiveError
            }
        }
        return ForecastErrors(
            windows: windows.count, model: .init(squares: model, count: windows.count),
            naive: .init(squares: naive, count: windows.count))
    }

    /// What follows the end of a series.
    ///
    /// - Throws: `RecurrentError` where the series is shorter than a window.
    public func forecast(after series: TimeSeries) throws -> [Double] {
        let scaled = preparation.scaler.transform(try lastRows(of: series))
        return unscaled(network.forecast(try window(of: scaled.columns)).doubles)
    }

    /// What a sequence is generated from.
    public enum Seed: Sendable {
        /// A window of zeros, as the network reads them: the least value where a min-max scaler was fitted, the mean
        /// of a standard one.
        case zeros
        /// The last window of a series, which then goes on.
        case end(of: TimeSeries)
    }

    /// A sequence that the model goes on with by itself, every value being fed back: the notes' "creative" sequence.
    ///
    /// - Returns: The values of the seed, and `count` more.
    /// - Throws: `RecurrentError` where the model reads more columns than it forecasts, a series is too short, or the
    ///   values grow beyond all numbers.
    public func sequence(_ count: Int, from seed: Seed) throws -> (seed: [Double], values: [Double]) {
        guard preparation.columns.count == 1 else {
            throw RecurrentError(
                "the model reads \(preparation.columns.count) columns and forecasts one, which cannot be fed back; "
                    + "train one with `features` \(preparation.columns[preparation.target]) alone")
        }
        let span = try configuration.windowSteps().span
        var sequence =
            switch seed {
            case .zeros: Array(repeating: 0.0, count: span)
            case .end(let series): preparation.scaler.transform(try lastRows(of: series)).columns[0]
            }
        for made in 0..<count {
            let next = network.forecast(try window(of: [Array(sequence.suffix(span))])).doubles[0]
            guard next.isFinite else {
                throw RecurrentError("after \(made) values the sequence grows beyond all numbers")
            }
            sequence.append(next)
        }
        let values = unscaled(sequence)
        return (Array(values[..<span]), Array(values[span...]))
    }

    private func unscaled(_ values: [Double]) -> [Double] {
        preparation.scaler.inverse(values, column: preparation.target)
    }

    private func lastRows(of series: TimeSeries) throws -> TimeSeries {
        let span = try configuration.windowSteps().span
        guard series.count >= span else {
            throw RecurrentError("a series of \(series.count) rows is shorter than the model's window of \(span)")
        }
        return series[series.count - span..<series.count]
    }

    /// A window [time, 1, features] of columns as long as its span.
    private func window(of columns: [[Double]]) throws -> Tensor {
        let steps = try configuration.windowSteps()
        let values = steps.offsets.flatMap { row in columns.map { Float($0[row]) } }
        return Tensor(values, shape: [steps.count, 1, columns.count])
    }
}

/// How far forecasts lie from what came, in the data's own units.
public struct ForecastErrors: Sendable, Equatable {
    /// The roots of the mean squared errors.
    public struct Roots: Sendable, Equatable {
        /// Of all forecasts together.
        public let overall: Double
        /// Of the forecasts one step ahead, two steps ahead and so on.
        public let perStep: [Double]

        init(squares: [Double], count: Int) {
            overall = (squares.reduce(0, +) / Double(count * squares.count)).squareRoot()
            perStep = squares.map { ($0 / Double(count)).squareRoot() }
        }
    }

    /// The number of windows that were forecast from.
    public let windows: Int
    /// The model's.
    public let model: Roots
    /// Those of the naive forecast: every value to come is the last one known.
    public let naive: Roots
}
