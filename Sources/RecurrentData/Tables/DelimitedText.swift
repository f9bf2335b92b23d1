import Recurrent

/// What stands between the cells of a line.
public enum Delimiter: UInt8, CaseIterable, Sendable {
    /// A tab.
    case tab = 0x09
    /// `;`
    case semicolon = 0x3B
    /// `,`
    case comma = 0x2C
}

/// Reads the records of a text whose cells have delimiters between them, one after another.
///
/// - A record ends with LF or CRLF. Lines of blanks are passed over, and so are lines that begin with the comment mark.
/// - Blanks around a cell do not belong to it.
/// - A cell that begins with a quotation mark goes to the next single one, over delimiters and line ends; a doubled one
///   stands for itself (RFC 4180). Within other cells a quotation mark is a character.
struct DelimitedText {
    /// A line of the text, or several where quoted cells hold line ends.
    struct Record {
        /// The cells' bytes, without quotation marks; at least one.
        var cells: [ArraySlice<UInt8>] = []
        /// The line it begins at, from 1.
        let line: Int
        /// Whether an empty line stands before it.
        let followsEmptyLine: Bool
    }

    /// More cells than this in one record are refused.
    static let mostCells = 10_000

    /// What errors call the text.
    let name: String
    private let bytes: [UInt8]
    private let commentMark: UInt8?
    private var delimiter: UInt8
    private var position: Int
    private var line = 1

    /// Begins at the first line, after a byte order mark.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - delimiter: What stands between cells. Found out where none is given: a tab, a semicolon or a comma, the
    ///     first of these that stands in the first record outside quotation marks.
    ///   - commentMark: What lines begin with that are no records.
    ///   - name: What errors call the text, usually the path of a file.
    init(_ bytes: [UInt8], delimiter: Delimiter?, commentMark: Character?, name: String) {
        self.name = name
        self.bytes = bytes
        self.commentMark = commentMark?.asciiValue
        self.delimiter = (delimiter ?? .comma).rawValue
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if delimiter == nil { self.delimiter = foundDelimiter().rawValue }
    }

    /// The next record, or nil at the end.
    ///
    /// - Throws: `RecurrentError` with line and column where a quoted cell does not end, or ends before something else
    ///   than a delimiter, or where the cells are too many.
    mutating func next() throws -> Record? {
        let followsEmptyLine = skipOtherLines()
        guard position < bytes.count else { return nil }
        var record = Record(line: line, followsEmptyLine: followsEmptyLine)
        while true {
            guard record.cells.count < Self.mostCells else {
                throw RecurrentError("\(name), line \(line): more than \(Self.mostCells) cells, the most that are read")
            }
            skipBlanks()
            let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
            record.cells.append(isQuoted ? try quotedCell(column: record.cells.count + 1) : plainCell())
            guard position < bytes.count else { return record }
            position += 1
            if bytes[position - 1] == UInt8(ascii: "\n") {
                line += 1
                return record
            }
        }
    }

    /// A cell as text.
    ///
    /// - Throws: `RecurrentError` where it is not UTF-8.
    func text(_ record: Record, column: Int) throws -> String {
        guard let text = String(validating: record.cells[column], as: UTF8.self) else {
            throw RecurrentError(
                "\(name), line \(record.line), column \(column + 1): the cell is not valid UTF-8; convert the file to "
                    + "UTF-8")
        }
        return text
    }

    private mutating func plainCell() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != delimiter, bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        var end = position
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return bytes[start..<end]
    }

    private mutating func quotedCell(column: Int) throws -> ArraySlice<UInt8> {
        let (quote, firstLine) = (UInt8(ascii: "\""), line)
        position += 1
        var start = position
        var cell: ArraySlice<UInt8> = []
        while true {
            guard position < bytes.count else {
                throw RecurrentError(
                    "\(name), line \(firstLine), column \(column): a quotation mark without another that ends the cell")
            }
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
            guard bytes[position - 1] == quote else { continue }
            // Most cells have no doubled marks, and are a part of the text as they stand.
            if cell.isEmpty { cell = bytes[start..<position - 1] } else { cell += bytes[start..<position - 1] }
            guard position < bytes.count, bytes[position] == quote else { break }
            cell.append(quote)
            position += 1
            start = position
        }
        skipBlanks()
        guard position == bytes.count || bytes[position] == delimiter || bytes[position] == UInt8(ascii: "\n") else {
            throw RecurrentError(
                "\(name), line \(line), column \(column): text after the quotation mark that ends the cell; expected "
                    + "a delimiter, or a doubled mark within the cell")
        }
        return cell
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]), bytes[position] != delimiter { position += 1 }
    }

    /// Passes over empty lines and comments.
    ///
    /// - Returns: Whether an empty line was among them.
    private mutating func skipOtherLines() -> Bool {
        var foundEmpty = false
        while position < bytes.count {
            let content = bytes[position...].drop { Self.isBlank($0) }
            let isEmpty = content.isEmpty || content.first == UInt8(ascii: "\n")
            guard isEmpty || content.first == commentMark else { break }
            foundEmpty = foundEmpty || isEmpty
            position = content.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            line += 1
        }
        return foundEmpty
    }

    private func foundDelimiter() -> Delimiter {
        var ahead = self
        _ = ahead.skipOtherLines()
        var found = Set<Delimiter>()
        var isQuoted = false
        for byte in bytes[ahead.position...] {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == UInt8(ascii: "\n") { break }
            if !isQuoted, let mark = Delimiter(rawValue: byte) { found.insert(mark) }
        }
        return Delimiter.allCases.first { found.contains($0) } ?? .comma
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
