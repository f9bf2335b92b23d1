import Recurrent
import RecurrentData

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

extension SeriesPreparation {
    /// - Throws: `RecurrentError` where the parts do not belong together, or to the configuration.
    func check(_ configuration: SeriesConfiguration) throws {
        guard columns.indices.contains(target), trainingRows > 0 else {
            throw RecurrentError(
                "the target is column \(target) of \(columns.count), from 0, and there are \(trainingRows) rows")
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
}
