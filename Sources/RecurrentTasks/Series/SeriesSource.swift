import Recurrent
import RecurrentData
import RecurrentTraining

/// The numbers that a forecasting model is trained on: a table's, or the generated signal.
public struct SeriesSource: TaskSource {
    private let table: DataTable?
    private let order: RowOrder
    private let missing: MissingValues
    /// The path of the file, or "the generated signal".
    public let name: String
    /// What the numbers are known again by.
    public let fingerprint: String

    /// Reads the table of a configuration, gzipped or not.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or is no table.
    package init(_ configuration: SeriesConfiguration) throws {
        guard let path = configuration.data else {
            (table, name, order, missing) = (nil, GeneratedSignal.name, .oldestFirst, .refuse)
            fingerprint = Fingerprint(Array("t sin(t)/3 + 2 sin(5t)".utf8)).text
            return
        }
        let bytes = try FileContents.readInflated(path, limit: DataTable.largestSize)
        table = try DataTable(bytes: bytes, name: path)
        (name, order, missing) = (path, configuration.order, configuration.missing)
        fingerprint = Fingerprint(bytes).text
    }

    /// Whether it is the signal, and not a table.
    var isGenerated: Bool { table == nil }

    /// The columns that a configuration asks for, as `series(of:)` finds them in any table of the same kind: by name
    /// where they have one of their own, or else by number.
    ///
    /// - Throws: `RecurrentError` where one is not there, or named twice.
    func columns(_ configuration: SeriesConfiguration) throws -> (names: [String], target: Int) {
        guard let table else { return (GeneratedSignal.training.names, 0) }
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
        guard let table else {
            guard columns == GeneratedSignal.training.names else {
                throw RecurrentError(
                    "the model reads the columns \(columns.joined(separator: ", ")): give a table that has them with `data`"
                )
            }
            return GeneratedSignal.training
        }
        let series = try table.series(columns: columns, missing: missing, order: order)
        let dates = (series.labels ?? []).map(Self.date)
        for (before, after) in zip(dates.indices, dates.indices.dropFirst())
        where dates[after].lexicographicallyPrecedes(dates[before]) {
            let advice = order == .oldestFirst ? "`newestFirst` reads a file from its end" : "without `newestFirst`?"
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
