import Recurrent

/// A table read from a file of cells with commas, semicolons or tabs between them: columns of numbers, dates or text.
///
/// How the lines become cells is told at `DelimitedText`'s rules in `docs/articles/data.md`. A column is what its first
/// cell is that is not missing. Nothing is refused for a column that is never asked for.
public struct DataTable: Equatable, Sendable {
    /// Whether the first row names the columns.
    public enum Header: Sendable {
        /// It does where none of its cells is a number, and one is text above a number or a date in the next row.
        case detected
        /// It does.
        case present
        /// It holds values as any other.
        case absent
    }

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
    /// The line of every row.
    let lines: [Int]

    /// Reads a file, gzipped or not.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - delimiter: What stands between cells. Found out where none is given: a tab, a semicolon or a comma, the
    ///     first of these that stands in the first row outside quotation marks.
    ///   - header: Whether the first row names the columns.
    /// - Throws: `RecurrentError` naming the file and the line where a row has more or fewer cells than the first, a
    ///   quoted cell does not end, or there is no row.
    public init(path: String, delimiter: Delimiter? = nil, header: Header = .detected) throws {
        let bytes = try FileContents.readInflated(path, limit: Self.largestSize)
        try self.init(bytes: bytes, name: path, delimiter: delimiter, header: header)
    }

    /// Reads a text. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` as `init(path:delimiter:header:)`.
    public init(text: String, name: String, delimiter: Delimiter? = nil, header: Header = .detected) throws {
        try self.init(bytes: Array(text.utf8), name: name, delimiter: delimiter, header: header)
    }

    package init(bytes: [UInt8], name: String, delimiter: Delimiter? = nil, header: Header = .detected) throws {
        var records = DelimitedText(bytes, delimiter: delimiter, commentMark: "#", name: name)
        guard let first = try records.next() else {
            throw RecurrentError("\(name): the file holds no rows; expected cells with commas between them")
        }
        var ahead = records
        let hasHeader = Self.isHeader(first, above: try ahead.next(), header)
        var columns = try first.cells.indices.map { index in
            let text = hasHeader ? try records.text(first, column: index) : ""
            return DataColumn(number: index + 1, name: text.isEmpty ? nil : text)
        }
        var lines: [Int] = []
        var footer: DelimitedText.Record?
        var next = hasHeader ? try records.next() : first
        while let record = next {
            if !lines.isEmpty, Self.isFooter(record, columnCount: columns.count, afterAnother: footer != nil) {
                footer = footer ?? record
            } else {
                try Self.check(footer ?? record, columnCount: columns.count, isFooter: footer != nil, name)
                for (index, cell) in record.cells.enumerated() {
                    try columns[index].append(cell) { try records.text(record, column: index) }
                }
                lines.append(record.line)
            }
            next = try records.next()
        }
        guard !lines.isEmpty else {
            throw RecurrentError("\(name): the file holds a header and no rows; expected rows of numbers below it")
        }
        self.name = name
        self.columns = columns
        self.lines = lines
        self.footer = footer.flatMap { $0.cells.first { !$0.isEmpty } }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The place of a column, from 0.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` with the names there are, where none or several are this one.
    public func index(of column: String) throws -> Int {
        try ColumnNames(names: columns.map(\.name), file: name).index(of: column)
    }

    private static func isHeader(
        _ first: DelimitedText.Record, above second: DelimitedText.Record?, _ header: Header
    ) -> Bool {
        switch header {
        case .present: return true
        case .absent: return false
        case .detected: break
        }
        let names = first.cells.map { CellValue($0) }
        guard names.contains(.text), !names.contains(where: \.isNumber) else { return false }
        guard let second else { return true }
        return zip(names, second.cells).contains { name, cell in
            let value = CellValue(cell)
            return name == .text && (value.isNumber || value == .date)
        }
    }

    private static func isFooter(_ record: DelimitedText.Record, columnCount: Int, afterAnother: Bool) -> Bool {
        let full = record.cells.filter { !$0.isEmpty }
        return columnCount > 1 && full.count == 1 && (record.followsEmptyLine || afterAnother)
            && CellValue(full[0]) == .text
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
                    + "\(columnCount)")
        }
    }
}
