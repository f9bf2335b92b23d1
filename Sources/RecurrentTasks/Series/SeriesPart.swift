import Recurrent
import RecurrentData
import RecurrentTraining

/// A part of a series that serves one purpose.
package struct SeriesPart: Sendable {
    /// What it serves for: "training", "validation", "test".
    public let name: String
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
        if dataPath == nil {
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

/// Which rows of a series serve for training, for validation and for the test: in the order of time, so that nothing is
/// learned from what comes after the rows it is judged by.
struct SeriesSplit: Equatable {
    /// The rows that are learned from, and what is predicted from them.
    let training: Range<Int>
    /// The rows of validation, with those that its first window looks back on; nil for none.
    let validation: Range<Int>?
    /// The rows of the test, with those that its first window looks back on; nil for none.
    let test: Range<Int>?
}

extension SeriesSplit {
    /// Divides so many rows.
    ///
    /// - Throws: `RecurrentError` where no window is left for training.
    init(rows: Int, _ configuration: SeriesConfiguration, name: String) throws {
        let (span, horizon) = (try configuration.windowSteps().span, configuration.horizon)
        func part(_ start: Int, _ end: Int) -> Range<Int>? { end - start >= span + horizon ? start..<end : nil }
        let training: Range<Int>?
        switch configuration.parting {
        case .continuing:
            let windows = Double(max(0, rows - span - horizon + 1))
            func end(_ fraction: Double) -> Int {
                let count = Int(fraction * windows + 1e-9)
                return count == 0 ? span : span + count + horizon - 1
            }
            let (learned, validated) = (
                end(configuration.trainFraction), end(configuration.trainFraction + configuration.validationFraction)
            )
            training = part(0, learned)
            // A window predicts no row that another part's windows predict.
            validation = part(learned - span, validated)
            test = part((validation?.upperBound ?? learned) - span, rows)
        case .apart:
            let cut = Int(configuration.trainFraction * Double(rows))
            training = part(0, cut - 1)
            validation = nil
            test = part(cut, rows - 1)
        }
        guard let training else {
            throw RecurrentError(
                "\(name) has \(rows) rows, and `trainFraction` \(configuration.trainFraction) leaves no window of "
                    + "\(span) and \(horizon) to forecast for training: use a longer series or shorter windows")
        }
        self.training = training
    }
}
