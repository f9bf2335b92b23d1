import Recurrent

/// What becomes of rows with a missing number.
public enum MissingValues: String, CaseIterable, Codable, Sendable {
    /// They are an error, which names the line and the column.
    case refuse
    /// The rows are left out.
    case drop
    /// The number of the row before in time is taken; that of the first row must not be missing.
    case previous
}

/// How the rows of a table follow one another in time.
public enum RowOrder: String, CaseIterable, Codable, Sendable {
    /// Down the file, later.
    case oldestFirst
    /// Down the file, earlier, as stock prices often come.
    case newestFirst
}

extension DataTable {
    /// Takes columns of numbers out of the table, the oldest row first. The first column of dates becomes the labels.
    ///
    /// - Parameters:
    ///   - chosen: The columns, by name or by number from 1; all of numbers where none are given.
    ///   - missing: What becomes of rows with a missing number in one of these columns.
    ///   - order: How the rows follow one another in the table.
    /// - Throws: `RecurrentError` with line and column where a cell is not a number or is missing; where a column is
    ///   unknown or holds dates; where no row or no column is left.
    public func series(
        columns chosen: [String]? = nil, missing: MissingValues = .refuse, order: RowOrder = .oldestFirst
    ) throws -> TimeSeries {
        let indices = try chosen?.map { try index(of: $0) } ?? numberColumns()
        for index in indices { try checkNumbers(columns[index]) }
        let dates = dateColumn
        var rows = Array(0..<rowCount)
        if order == .newestFirst { rows.reverse() }
        if missing == .drop {
            rows.removeAll { row in indices.contains { columns[$0].numbers[row].isNaN } || dates?.isMissing(row) == true
            }
        } else if let dates, let row = rows.first(where: dates.isMissing) {
            throw RecurrentError(
                "\(name), line \(lines[row]), \(dates.place): the date is missing; expected one in every row, or `missing` "
                    + "drop to leave such rows out")
        }
        guard !rows.isEmpty else {
            throw RecurrentError("\(name): every row has a missing number or date; expected rows that have all of them")
        }
        if let dates, let fault = dates.firstFault {
            let others = dates.hasDateFormat ? "that `dateFormat` tells" : "as the other cells are"
            throw RecurrentError(
                "\(name), line \(lines[fault.row]), \(dates.place): \"\(Self.shown(fault.cell))\" is not a date \(others)"
            )
        }
        if let column = dates, let date = column.openDate {
            throw RecurrentError(
                "\(name), \(column.place): \(date) can be read in several ways, and nothing tells which is meant; say so "
                    + "with `dateFormat`: day-first, month-first or year-first")
        }
        let time = timeline(rows)
        return TimeSeries(
            names: indices.map { columns[$0].name ?? "column \($0 + 1)" },
            columns: try indices.map { try numbers(of: columns[$0], rows, missing) }, labels: time?.labels,
            instants: time?.instants)
    }

    /// When rows were: their dates, or times, or both, as they are written and in seconds since 1970; nil where there are
    /// none.
    func timeline(_ rows: some Collection<Int>) -> (labels: [String], instants: [Double])? {
        let (dates, times) = (dateColumn, timeColumn)
        guard let column = dates ?? times else { return nil }
        guard dates != nil, let times else { return (rows.map { column.cells[$0] }, rows.map { column.instants[$0] }) }
        return (
            rows.map { "\(column.cells[$0]) \(times.cells[$0])" },
            rows.map { column.instants[$0] + times.secondsOfDay($0) }
        )
    }

    private var dateColumn: DataColumn? { columns.first { $0.kind == .dates && !$0.isTimeAlone } }

    /// The column of times of day alone, all of which must be times: 25:00 is none, and such may be durations.
    private var timeColumn: DataColumn? {
        columns.first { $0.kind == .dates && $0.isTimeAlone && $0.firstFault == nil }
    }

    /// The places of the columns that a series has where none are chosen: those of numbers that are not empty. One of
    /// text that has numbers is among them, to be refused rather than left out without a word.
    ///
    /// - Throws: `RecurrentError` where there are none.
    func numberColumns() throws -> [Int] {
        let places = columns.indices.filter {
            columns[$0].kind == .numbers && !columns[$0].isEmpty || columns[$0].isMixed
        }
        guard !places.isEmpty else {
            let text = columns.first { $0.kind == .text }.map { "; \($0.place) has text" } ?? ""
            let marks = columns.count == 1 ? ", with commas, semicolons or tabs between the columns" : ""
            throw RecurrentError("\(name): no column holds numbers\(text); expected at least one that does\(marks)")
        }
        return places
    }

    private static func shown(_ cell: [UInt8]) -> String { String(decoding: cell.prefix(40), as: UTF8.self) }

    /// Checks that a column is one of numbers.
    ///
    /// - Throws: `RecurrentError` with the line where a cell is no number.
    func checkNumbers(_ column: DataColumn) throws {
        guard column.kind != .dates || column.isCounted else {
            throw RecurrentError("\(name): \(column.place) holds dates; expected a column of numbers")
        }
        if let fault = column.firstFault {
            let advice =
                CellValue.advice(fault.cell[...], decimalMark)
                + (fault.row == 0 && columns.allSatisfy { $0.name == nil }
                    ? "; or say that this row is the `header`" : "")
            throw RecurrentError(
                "\(name), line \(lines[fault.row]), \(column.place): \"\(Self.shown(fault.cell))\" \(advice)")
        }
    }

    private func numbers(of column: DataColumn, _ rows: [Int], _ missing: MissingValues) throws -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(rows.count)
        for row in rows {
            let number = column.numbers[row]
            if !number.isNaN {
                numbers.append(number)
            } else if missing == .previous, let last = numbers.last {
                numbers.append(last)
            } else {
                let advice =
                    missing == .previous
                    ? "there is none before it in time that could be taken"
                    : "expected one, or `missing` drop to leave such rows out, or `missing` previous to take the number "
                        + "before"
                throw RecurrentError("\(name), line \(lines[row]), \(column.place): the number is missing; \(advice)")
            }
        }
        return numbers
    }
}
