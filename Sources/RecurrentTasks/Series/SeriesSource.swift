import Recurrent
import RecurrentData
import RecurrentTraining

/// The numbers that a forecasting model is trained on: a table's, or the generated signal.
public typealias SeriesSource = TaskSource<SeriesTable?>

extension SeriesSource {
    /// Reads the table of a configuration, gzipped or not.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or is no table.
    package init(_ configuration: SeriesConfiguration) throws {
        guard let path = configuration.data else {
            let formula = Fingerprint(Array("t sin(t)/3 + 2 sin(5t)".utf8))
            self.init(nil, name: GeneratedSignal.name, fingerprint: formula.text)
            return
        }
        let bytes = try FileContents.readText(
            path, encoding: configuration.format.encoding, limit: DataTable.largestSize)
        let table = SeriesTable(
            try DataTable(bytes: bytes, name: path, format: configuration.format), order: configuration.order,
            missing: configuration.missing)
        self.init(table, name: path, fingerprint: Fingerprint(bytes).text)
    }

    /// The columns that a configuration asks for, and the place among them of the target.
    func columns(_ configuration: SeriesConfiguration) throws -> (names: [String], target: Int) {
        try data?.columns(features: configuration.features, target: configuration.target)
            ?? (GeneratedSignal.training.names, 0)
    }

    /// Some columns, the oldest row first.
    ///
    /// - Throws: `RecurrentError` where one is not there, a number is missing and refused, or dates go backward.
    func series(of columns: [String]) throws -> TimeSeries {
        if let data { return try data.series(of: columns) }
        guard columns == GeneratedSignal.training.names else {
            throw RecurrentError(
                "the model reads the columns \(columns.joined(separator: ", ")): give a table that has them with `data`"
            )
        }
        return GeneratedSignal.training
    }
}

/// What a forecasting model is nothing without: which columns it reads, and how they were scaled.
public struct SeriesPreparation: Codable, Sendable, Equatable {
    /// The columns the model reads, by name, or by number from 1 where they have none of their own.
    package let columns: [String]
    /// The place among them, from 0, of the one that is forecast.
    package let target: Int
    /// How they are scaled.
    package let scaler: SeriesScaler
    /// The number of rows the model learns from.
    package let trainingRows: Int

    /// What to call the column that is forecast.
    package var targetTitle: String { (Int(columns[target]) == nil ? "" : "column ") + columns[target] }

    /// Fits the scaler.
    ///
    /// - Throws: `RecurrentError` where a column is missing or has no numbers, the series is too short, or the target is
    ///   constant where it is learned from.
    init(_ source: SeriesSource, _ configuration: SeriesConfiguration) throws {
        (columns, target) = try source.columns(configuration)
        let series = try source.series(of: columns)
        let rows = try SeriesSplit(rows: series.count, configuration, name: source.name).training
        let learned = series.columns[target][rows]
        guard let first = learned.first, learned.contains(where: { $0 != first }) else {
            throw RecurrentError(
                "\(source.name): \(series.names[target]) is \(learned.first ?? 0) in all \(rows.count) rows for "
                    + "training; there is nothing to learn")
        }
        trainingRows = rows.count
        let fitted = configuration.scalerFit == .training ? rows : 0..<series.count
        scaler = try SeriesScaler(configuration.scaling, fitting: series, rows: fitted)
    }
}
