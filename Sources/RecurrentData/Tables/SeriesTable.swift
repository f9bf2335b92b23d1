import Recurrent

/// A table of numbers over time, and how its rows are read.
public struct SeriesTable: Sendable {
    private let table: DataTable
    private let order: RowOrder
    private let missing: MissingValues

    package init(_ table: DataTable, order: RowOrder, missing: MissingValues) {
        (self.table, self.order, self.missing) = (table, order, missing)
    }

    /// The columns that are chosen, all of numbers where none are, and the place among them of the target, the last where
    /// none is: as `series(of:)` finds them in any table of the same kind, by name where they have one of their own, or
    /// else by number.
    ///
    /// - Throws: `RecurrentError` where one is not there, or named twice.
    package func columns(features: [String]?, target: String?) throws -> (names: [String], target: Int) {
        var places =
            try features?.map { try table.index(of: $0) }
            ?? table.columns.indices.filter { table.columns[$0].kind != .dates }
        guard Set(places).count == places.count else {
            throw RecurrentError("\(table.name): `features` names a column twice: \(features ?? [])")
        }
        guard let target = try target.map({ try table.index(of: $0) }) ?? places.last else {
            throw RecurrentError("\(table.name): all columns hold dates; expected at least one of numbers")
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
    package func series(of columns: [String]) throws -> TimeSeries {
        let series = try table.series(columns: columns, missing: missing, order: order)
        let dates = (series.labels ?? []).map(Self.date)
        for (before, after) in zip(dates.indices, dates.indices.dropFirst())
        where dates[after].lexicographicallyPrecedes(dates[before]) {
            let advice = order == .oldestFirst ? "`newestFirst` reads a file from its end" : "without `newestFirst`?"
            throw RecurrentError(
                "\(table.name): \(series.labels?[after] ?? "") comes after \(series.labels?[before] ?? ""); expected rows in "
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
