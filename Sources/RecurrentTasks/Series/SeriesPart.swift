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

extension SeriesSplit {
    /// Divides so many rows as a configuration says.
    init(rows: Int, _ configuration: SeriesConfiguration, name: String) throws {
        try self.init(
            rows: rows, span: configuration.windowSteps().span, horizon: configuration.horizon,
            trainFraction: configuration.trainFraction, validationFraction: configuration.validationFraction,
            isApart: configuration.parting == .apart, name: name)
    }
}
