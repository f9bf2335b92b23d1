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
        let bytes = try FileContents.readInflated(path, limit: DataTable.largestSize)
        let table = SeriesTable(
            try DataTable(bytes: bytes, name: path), order: configuration.order, missing: configuration.missing)
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
                "the model reads the columns \(columns.joined(separator: ", ")): give a table that has them with `data`")
        }
        return GeneratedSignal.training
    }
}
