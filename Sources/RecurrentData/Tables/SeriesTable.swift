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
            ?? table.numberColumns()
        guard Set(places).count == places.count else {
            throw RecurrentError("\(table.name): `features` names a column twice: \(features ?? [])")
        }
        guard let target = try target.map({ try table.index(of: $0) }) ?? places.last else {
            throw RecurrentError("\(table.name): `features` names no column; expected at least one of numbers")
        }
        if !places.contains(target) { places.append(target) }
        let names = try places.map { place -> String in
            if let name = table.columns[place].name, (try? table.index(of: name)) == place { return name }
            let number = String(place + 1)
            guard try table.index(of: number) == place else {
                throw RecurrentError(
                    "\(table.name): column \(number) has no name of its own, and another is called \(number); expected names "
                        + "that tell them apart, or `features` without it")
            }
            return number
        }
        return (names, places.firstIndex(of: target) ?? 0)
    }

    /// Some columns, the oldest row first.
    ///
    /// - Throws: `RecurrentError` where one is not there, a number is missing and refused, or dates go backward.
    package func series(of columns: [String]) throws -> TimeSeries {
        let series = try table.series(columns: columns, missing: missing, order: order)
        try SeriesRhythm(series)?.check(table.name, order)
        return series
    }

    /// What was found out about the table, and about the time of a series of it, a line each.
    package func findings(of series: TimeSeries) -> [String] {
        table.findings + (SeriesRhythm(series)?.findings ?? [])
    }
}
