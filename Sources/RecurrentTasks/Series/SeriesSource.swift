import Recurrent
import RecurrentData
import RecurrentTraining

/// A table of numbers over time, and how its rows are read.
public struct SeriesTable: Sendable {
    fileprivate let table: DataTable
    fileprivate let order: RowOrder
    fileprivate let missing: MissingValues
}

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
            table: try DataTable(bytes: bytes, name: path), order: configuration.order, missing: configuration.missing)
        self.init(table, name: path, fingerprint: Fingerprint(bytes).text)
    }

    /// The columns that a configuration asks for, as `series(of:)` finds them in any table of the same kind: by name
    /// where they have one of their own, or else by number.
    ///
    /// - Throws: `RecurrentError` where one is not there, or named twice.
    func columns(_ configuration: SeriesConfiguration) throws -> (names: [String], target: Int) {
        guard let table = data?.table else { return (GeneratedSignal.training.names, 0) }
        var places =
            try configuration.features?.map { try table.index(of: $0) }
            ?? table.columns.indices.filter { table.columns[$0].kind != .dates }
        guard Set(places).count == places.count else {
            throw RecurrentError("\(name): `features` names a column twice: \(configuration.features ?? [])")
        }
        guard let target = try configuration.target.map({ try table.index(of: $0) }) ?? places.last else {
            throw RecurrentError("\(name): all columns hold dates; expected at least one of numbers")
        }
        if !places.contains(target) { places.append(target) }
        let names = places.map { place -> String in
            guard let name = table.columns[place].name, (try? table.index(of: name)) == place else {
                return String(place + 1)
            }
            return name
        }
        return (names, places.firstIndex(of: target) ?? 0)
    }

    /// Some columns, the oldest row first.
    ///
    /// - Throws: `RecurrentError` where one is not there, a number is missing and refused, or dates go backward.
    func series(of columns: [String]) throws -> TimeSeries {
        guard let data else {
            guard columns == GeneratedSignal.training.names else {
                throw RecurrentError(
                    "the model reads the columns \(columns.joined(separator: ", ")): give a table that has them with `data`"
                )
            }
            return GeneratedSignal.training
        }
        let series = try data.table.series(columns: columns, missing: data.missing, order: data.order)
        let dates = (series.labels ?? []).map(Self.date)
        for (before, after) in zip(dates.indices, dates.indices.dropFirst())
        where dates[after].lexicographicallyPrecedes(dates[before]) {
            let advice = data.order == .oldestFirst ? "`newestFirst` reads a file from its end" : "without `newestFirst`?"
            throw RecurrentError(
                "\(name): \(series.labels?[after] ?? "") comes after \(series.labels?[before] ?? ""); expected rows in "
                    + "the order of time (\(advice))")
        }
        return series
    }

    /// The numbers of a date that begins with the year; no numbers, which no date goes back behind, where it begins
    /// otherwise.
    private static func date(_ label: String) -> [Int] {
        let parts = label.split { !$0.isNumber }
        return parts.first?.count == 4 ? parts.compactMap { Int($0) } : []
    }
}
