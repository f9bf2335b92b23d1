import Recurrent

/// A table read from a file of cells with commas, semicolons, tabs or blanks between them: columns of numbers, dates
/// or text.
///
/// How the lines become cells is told under "Tables" in `docs/articles/data.md`. A column is what its first cell is that is
/// not missing. Nothing is refused for a column of numbers or text that is never asked for.
public struct DataTable: Equatable, Sendable {
    /// The largest file that is read, in bytes, and inflated where it is gzipped.
    package static let largestSize = 1 << 30

    /// What errors call the table, usually the path of its file.
    public let name: String
    /// The columns, at least one.
    public let columns: [DataColumn]
    /// The number of rows, at least one.
    package var rowCount: Int { lines.count }
    /// The text at the end of the file that is no row, such as a title: one text alone in its line, after an empty
    /// line, in a table of two columns or more.
    public let footer: String?
    /// What was found out about how it is written, a line each.
    public let findings: [String]
    /// What stands between cells.
    package let delimiter: Delimiter
    /// What stands before a number's decimals.
    package let decimalMark: DecimalMark
    /// The line of every row.
    let lines: [Int]

    /// Reads a file, gzipped or not, or the one file of a zip archive.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - format: How it is written, where that is not found out.
    /// - Throws: `RecurrentError` naming the file and the line where a row has more or fewer cells than the first, a
    ///   quoted cell does not end, or there is no row.
    public init(path: String, format: TableFormat = TableFormat()) throws {
        let bytes = try FileContents.readText(path, encoding: format.encoding, limit: Self.largestSize)
        try self.init(bytes: bytes, name: path, format: format)
    }

    /// Reads a text. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` as `init(path:format:)`.
    public init(text: String, name: String, format: TableFormat = TableFormat()) throws {
        try self.init(bytes: Array(text.utf8), name: name, format: format)
    }

    package init(bytes: [UInt8], name: String, format: TableFormat = TableFormat()) throws {
        let text = try TextBytes(bytes, name: name)
        let layout = try TableLayout(text.bytes, name: name, format)
        var records = layout.records
        let delimiter = Delimiter(rawValue: records.delimiter) ?? .comma
        let dateFormat = try format.dateFormat.map(DateFormat.init)
        var columns = layout.names.enumerated().map { index, columnName in
            DataColumn(
                number: index + 1, name: columnName, mark: layout.decimalMark, delimiter: delimiter, format: format,
                dateFormat: dateFormat)
        }
        var choice = try RowChoice(format.conditions, of: ColumnNames(names: layout.names, file: name))
        var lines: [Int] = []
        var emptyRows = 0
        var footer: DelimitedText.Record?
        var plain: [DelimitedText.PlainCell] = []
        func append(_ cell: ArraySlice<UInt8>, _ index: Int, line: Int) throws {
            try columns[index].append(cell) { try records.text(cell, line: line, column: index) }
        }
        while true {
            if footer == nil,
                let line = records.nextPlain(count: columns.count, mark: layout.decimalMark, into: &plain)
            {
                guard choice.takes({ records.bytes(plain[$0].places) }) else { continue }
                for (index, cell) in plain.enumerated() {
                    if let number = cell.number, columns[index].append(number) { continue }
                    try append(records.bytes(cell.places), index, line: line)
                }
                lines.append(line)
                continue
            }
            guard var record = try records.next() else { break }
            if record.cells.count == columns.count + 1, record.cells.last?.isEmpty == true { record.cells.removeLast() }
            if record.cells.count > 1, record.cells.allSatisfy(\.isEmpty) {
                emptyRows += 1
            } else if !lines.isEmpty,
                Self.isFooter(
                    record, columnCount: columns.count, afterAnother: footer != nil, layout.decimalMark)
            {
                footer = footer ?? record
            } else {
                try Self.check(footer ?? record, columnCount: columns.count, isFooter: footer != nil, name)
                guard choice.takes({ record.cells[$0] }) else { continue }
                for (index, cell) in record.cells.enumerated() { try append(cell, index, line: record.line) }
                lines.append(record.line)
            }
        }
        try choice.check(taken: lines.count)
        guard !lines.isEmpty else {
            throw RecurrentError("\(name): the file holds a header and no rows; expected rows of numbers below it")
        }
        for index in columns.indices { columns[index].finish() }
        if let dateFormat = format.dateFormat, !columns.contains(where: \.fitsDateFormat) {
            throw RecurrentError("\(name): no column has dates that `dateFormat` \(dateFormat) tells; expected one")
        }
        self.name = name
        self.columns = columns
        self.lines = lines
        self.delimiter = delimiter
        decimalMark = layout.decimalMark
        self.footer = footer.flatMap { $0.cells.first { !$0.isEmpty } }.map { String(decoding: $0, as: UTF8.self) }
        let comments = records.commentCount - layout.commentsAbove
        findings =
            text.findings + layout.findings + choice.findings(taken: lines.count) + columns.flatMap(\.findings)
            + (comments > 0 ? ["lines between rows that begin with # are passed over: \(comments)"] : [])
            + (emptyRows > 0
                ? [
                    "\(emptyRows.counted("row")) without anything in \(emptyRows == 1 ? "it is" : "them are") passed over"
                ] : [])
            + columns.filter(\.isEmpty).map { "\($0.place) is empty, and no feature" }
            + columns.filter { $0.kind == .text && !$0.isMixed }.map {
                "\($0.place) holds text (\($0.firstText)), and is no feature"
            }
            + columns.compactMap(\.suspectedMark)
    }

    /// The place of a column, from 0.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` with the names there are, where none or several are this one.
    public func index(of column: String) throws -> Int {
        try ColumnNames(names: columns.map(\.name), file: name).index(of: column)
    }

    private static func isFooter(
        _ record: DelimitedText.Record, columnCount: Int, afterAnother: Bool, _ mark: DecimalMark
    ) -> Bool {
        let full = record.cells.filter { !$0.isEmpty }
        return columnCount > 1 && full.count == 1 && (record.followsEmptyLine || afterAnother)
            && CellValue(full[0], mark) == .text
    }

    private static func check(
        _ record: DelimitedText.Record, columnCount: Int, isFooter: Bool, _ name: String
    ) throws {
        if isFooter {
            throw RecurrentError(
                "\(name), line \(record.line): a line of text between rows; expected \(columnCount) cells, or # at its "
                    + "beginning")
        }
        guard record.cells.count == columnCount else {
            throw RecurrentError(
                "\(name), line \(record.line): the number of cells is \(record.cells.count); the lines before have "
                    + "\(columnCount)" + (record.line < 20 ? "; `skippedLines` passes over lines above a table" : ""))
        }
    }
}
