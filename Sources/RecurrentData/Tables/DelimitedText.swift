import Recurrent

/// What stands between the cells of a line.
public enum Delimiter: UInt8, CaseIterable, Codable, Sendable {
    /// A tab.
    case tab = 0x09
    /// `;`
    case semicolon = 0x3B
    /// `,`
    case comma = 0x2C
    /// One blank or more.
    case blank = 0x20
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
    let bytes: [UInt8]
    let commentMark: UInt8?
    /// What stands between cells.
    private(set) var delimiter: UInt8
    /// The comment that was passed over last, without its mark.
    private(set) var lastComment: ArraySlice<UInt8>?
    /// The comments that were passed over.
    private(set) var commentCount = 0
    /// Where the next record begins, or what stands before it.
    var position: Int
    /// The line of that place, from 1.
    var line = 1

    /// Begins at the first line, after a byte order mark.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - delimiter: What stands between cells. Found out where none is given: the first of tab, semicolon and comma
    ///     that stands outside quotation marks as often in each of the first lines, or else in most of them.
    ///   - commentMark: What lines begin with that are no records.
    ///   - skippedLines: Lines at the beginning that are passed over.
    ///   - name: What errors call the text, usually the path of a file.
    init(
        _ bytes: [UInt8], delimiter: Delimiter?, commentMark: Character?, skippingLines skippedLines: Int = 0,
        name: String
    ) {
        self.name = name
        self.bytes = bytes
        self.commentMark = commentMark?.asciiValue
        self.delimiter = (delimiter ?? .comma).rawValue
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while line <= skippedLines, position < bytes.count {
            position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            line += 1
        }
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
            if isBlankDelimited, !record.cells.isEmpty, position == bytes.count || bytes[position] == UInt8(ascii: "\n")
            {
                // Blanks at the end of the line begin no cell.
                if position < bytes.count { position += 1 }
                line += 1
                return record
            }
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
        try text(record.cells[column], line: record.line, column: column)
    }

    /// The bytes of a cell as text.
    ///
    /// - Throws: `RecurrentError` where they are not UTF-8.
    func text(_ cell: ArraySlice<UInt8>, line: Int, column: Int) throws -> String {
        guard let text = String(validating: cell, as: UTF8.self) else {
            throw RecurrentError(
                "\(name), line \(line), column \(column + 1): the cell is not valid UTF-8; "
                    + TextEncoding.advice)
        }
        return text
    }

    private mutating func plainCell() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
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
        if !isBlankDelimited { skipBlanks() }
        guard position == bytes.count || endsCell(bytes[position]) else {
            throw RecurrentError(
                "\(name), line \(line), column \(column): text after the quotation mark that ends the cell; expected "
                    + "a delimiter, or a doubled mark within the cell")
        }
        return cell
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]), isBlankDelimited || bytes[position] != delimiter {
            position += 1
        }
    }

    private var isBlankDelimited: Bool { delimiter == Delimiter.blank.rawValue }

    private func endsCell(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || (isBlankDelimited ? Self.isBlank(byte) : byte == delimiter)
    }

    /// Passes over empty lines and comments.
    ///
    /// - Returns: Whether an empty line was among them.
    private mutating func skipOtherLines() -> Bool {
        var foundEmpty = false
        while position < bytes.count {
            let content = bytes[position...].drop { Self.isBlank($0) }
            let isEmpty = content.isEmpty || content.first == UInt8(ascii: "\n")
            guard isEmpty || (content.first == commentMark && !Self.isMissing(content)) else { break }
            foundEmpty = foundEmpty || isEmpty
            position = content.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            if !isEmpty {
                lastComment = bytes[content.startIndex + 1..<position]
                commentCount += 1
            }
            line += 1
        }
        return foundEmpty
    }

    // Lines by which the delimiter is found out.
    private static let judgedLines = 20

    private func foundDelimiter() -> Delimiter {
        let candidates: [Delimiter] = [.tab, .semicolon, .comma]
        var ahead = self
        var lines: [[Delimiter: Int]] = []
        while lines.count < Self.judgedLines {
            _ = ahead.skipOtherLines()
            guard ahead.position < bytes.count else { break }
            var found: [Delimiter: Int] = [:]
            var isQuoted = false
            while ahead.position < bytes.count {
                let byte = bytes[ahead.position]
                ahead.position += 1
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if !isQuoted, byte == UInt8(ascii: "\n") { break }
                if !isQuoted, let mark = Delimiter(rawValue: byte) { found[mark, default: 0] += 1 }
            }
            lines.append(found)
        }
        let regular = candidates.first { mark in
            lines.count > 1 && lines[0][mark] != nil && lines.allSatisfy { $0[mark] == lines[0][mark] }
        }
        return regular ?? candidates.first { mark in 2 * lines.count { $0[mark] != nil } > lines.count }
            ?? candidates.first { mark in lines.contains { $0[mark] != nil } } ?? .comma
    }

    /// Whether a line begins with a spreadsheet's error, which is no comment.
    private static func isMissing(_ line: ArraySlice<UInt8>) -> Bool {
        let beginning = String(decoding: line.prefix(8), as: UTF8.self).lowercased()
        return CellValue.spreadsheetErrors.contains { beginning.hasPrefix($0) }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
