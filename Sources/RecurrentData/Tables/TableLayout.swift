import Recurrent

/// How a table is written: found out from its first rows, where it is not given.
struct TableLayout {
    /// The records from the first row of values on.
    let records: DelimitedText
    /// The columns' names, nil where one has none.
    let names: [String?]
    /// What stands before a number's decimals.
    let decimalMark: DecimalMark
    /// The comments down to the header, or without one down to the first row of values.
    let commentsAbove: Int
    /// What was found, a line each.
    let findings: [String]

    // Rows by which a layout is found out.
    private static let judgedRows = 200

    /// Finds a layout out.
    ///
    /// - Throws: `RecurrentError` where there is no row, or a name is not UTF-8.
    init(_ bytes: [UInt8], name: String, _ format: TableFormat) throws {
        guard format.skippedLines >= 0 else {
            throw RecurrentError("`skippedLines` is \(format.skippedLines); expected 0 or more")
        }
        if let markup = Self.markup(bytes) {
            throw RecurrentError("\(name): it is \(markup); expected a table: cells with commas between them")
        }
        var found: [String] = []
        var (delimiter, skipped) = (format.delimiter, format.skippedLines)
        if let said = Self.saidDelimiter(bytes), skipped == 0 {
            (delimiter, skipped) = (delimiter ?? said, 1)
            found.append("line 1 says what stands between cells")
        }
        func open(_ delimiter: Delimiter?) -> DelimitedText {
            DelimitedText(bytes, delimiter: delimiter, commentMark: "#", skippingLines: skipped, name: name)
        }
        var records = open(delimiter)
        var head = try Self.head(records)
        guard !head.isEmpty else {
            throw RecurrentError("\(name): the file holds no rows; expected cells with commas between them")
        }
        if delimiter == nil, Self.areColumnsByBlanks(head) {
            records = open(.blank)
            head = try Self.head(records)
            found.append("blanks stand between cells")
        }
        var mark = format.decimalMark
        if delimiter == nil, records.delimiter == Delimiter.comma.rawValue, mark != .point, Self.areDecimals(head) {
            records = open(.semicolon)
            head = try Self.head(records)
            mark = .comma
            found.append("commas stand before decimals, in a single column")
        }
        if mark == nil, let told = Self.decimalMark(of: head) {
            mark = told
            if told == .comma { found.append("commas stand before decimals") }
        }
        if mark == nil, records.delimiter == Delimiter.semicolon.rawValue, Self.havePointsInDates(head) {
            mark = .comma
            found.append("commas stand before decimals, as where semicolons separate and dates have points")
        }
        decimalMark = mark ?? .point
        while format.header == .detected, let title = head.first,
            let next = head.dropFirst().first(where: { !$0.isEmpty }),
            title.isEmpty || Self.isTitle(title, above: next, decimalMark)
        {
            if !title.isEmpty { found.append("line \(title.line) is a title") }
            _ = try records.next()
            head.removeFirst()
        }
        let comment = records.commentBeforeNext()
        let hasHeader = Self.isHeader(head, format.header, decimalMark)
        if hasHeader {
            let header = head.removeFirst()
            _ = try records.next()
            names = try header.cells.indices.map { index in
                let text = try records.text(header, column: index)
                return text.isEmpty ? nil : text
            }.droppingLastEmpty(where: head.first.map { $0.cells.count == header.cells.count - 1 } ?? false)
            if format.header == .detected { found.append("line \(header.line) names the columns") }
            for row in head.prefix(Self.unitRows(head, decimalMark)) {
                found.append("line \(row.line) holds text alone, such as units, and is passed over")
                _ = try records.next()
            }
        } else {
            let count = head[0].cells.count
            let told = format.header == .detected ? comment.flatMap { Self.names($0, records, count: count) } : nil
            if told != nil { found.append("the comment above the first row names the columns") }
            // A separator at the end of every line begins no column.
            let isClosed = count > 1 && head.allSatisfy { $0.cells.count == count && $0.cells[count - 1].isEmpty }
            names = told ?? Array(repeating: nil, count: isClosed ? count - 1 : count)
        }
        self.records = records
        var ahead = records
        _ = try? ahead.next()
        commentsAbove = hasHeader ? records.commentCount : ahead.commentCount
        findings = found
    }

    /// What a file is that begins as no table does, and is called one by its name.
    private static func markup(_ bytes: [UInt8]) -> String? {
        let start = bytes.prefix(1000).drop {
            DelimitedText.isBlank($0) || $0 == 0x0A || [0xEF, 0xBB, 0xBF].contains($0)
        }
        let text = String(decoding: start.prefix(20), as: UTF8.self).lowercased()
        if ["<!doctype", "<html", "<table", "<?xml"].contains(where: text.hasPrefix) { return "HTML or XML" }
        return text.hasPrefix("{\"") || text.hasPrefix("[{") ? "JSON" : nil
    }

    private static func head(_ records: DelimitedText) throws -> [DelimitedText.Record] {
        var ahead = records
        var head: [DelimitedText.Record] = []
        while head.count < judgedRows, let record = try ahead.next() { head.append(record) }
        return head
    }

    /// The delimiter that a first line `sep=;` names.
    private static func saidDelimiter(_ bytes: [UInt8]) -> Delimiter? {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let line = text.prefix { $0 != 0x0A && $0 != 0x0D }
        guard line.count == 5, String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        return line.last.flatMap(Delimiter.init)
    }

    /// Whether two cells of every row are one number with a decimal comma: below a header of one cell, or where digits
    /// after the comma begin with 0.
    private static func areDecimals(_ head: [DelimitedText.Record]) -> Bool {
        let rows = head.first?.cells.count == 1 ? head.dropFirst() : head[...]
        let isDigits = { (cell: ArraySlice<UInt8>) in !cell.isEmpty && cell.allSatisfy { (48...57).contains($0) } }
        guard !rows.isEmpty, rows.allSatisfy({ $0.cells.count == 2 && isDigits($0.cells[1]) }),
            rows.allSatisfy({
                isDigits(
                    $0.cells[0].first.map { "+-".utf8.contains($0) } == true ? $0.cells[0].dropFirst() : $0.cells[0])
            })
        else { return false }
        // Years and their months are two columns.
        let areMonths = rows.allSatisfy { $0.cells[0].count == 4 && $0.cells[1].count <= 2 }
        guard !areMonths else { return false }
        return rows.count < head.count
            || rows.contains { $0.cells[1].count > 1 && $0.cells[1].first == UInt8(ascii: "0") }
    }

    /// What the cells of the first rows tell, the more frequent of both.
    private static func decimalMark(of head: [DelimitedText.Record]) -> DecimalMark? {
        var counts: [DecimalMark: Int] = [:]
        for cell in head.lazy.flatMap(\.cells) where WrittenDate(cell) == nil && !isMonth(cell) {
            if let told = DecimalMark.told(by: cell) { counts[told, default: 0] += 1 }
        }
        let (points, commas) = (counts[.point, default: 0], counts[.comma, default: 0])
        return points == commas ? nil : points > commas ? .point : .comma
    }

    /// Whether a cell is a year and its month with a point between, as `2017.01`.
    private static func isMonth(_ cell: ArraySlice<UInt8>) -> Bool {
        guard cell.count == 7 else { return false }
        let parts = cell.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        return parts.count == 2 && (1900...2100).contains(parts[0]) && (1...12).contains(parts[1])
    }

    /// Whether there are dates with points, as `31.12.2017`, of which nothing else is known.
    private static func havePointsInDates(_ head: [DelimitedText.Record]) -> Bool {
        head.contains { row in
            row.cells.contains { cell in
                cell.count { $0 == UInt8(ascii: ".") } == 2 && WrittenDate(cell).map { $0.reading != .certain } == true
            }
        }
    }

    /// Whether single cells are rows of as many numbers and other words, with blanks between.
    private static func areColumnsByBlanks(_ head: [DelimitedText.Record]) -> Bool {
        guard head.allSatisfy({ $0.cells.count == 1 }) else { return false }
        let rows = head.dropFirst(min(3, head.count / 2)).map { row in
            row.cells[0].split(maxSplits: DelimitedText.mostCells) { DelimitedText.isBlank($0) }
        }
        guard let count = rows.first?.count, count > 1, rows.allSatisfy({ $0.count == count }),
            !head.contains(where: { WrittenDate($0.cells[0]) != nil })
        else { return false }
        return rows.allSatisfy { row in
            2 * row.count { WrittenNumber.read($0, .point) != nil || WrittenNumber.read($0, .comma) != nil } >= count
        }
    }

    /// Whether a row is a text alone above one of several cells, or begins with a mark of comments in other programs.
    private static func isTitle(
        _ record: DelimitedText.Record, above next: DelimitedText.Record, _ mark: DecimalMark
    ) -> Bool {
        let full = record.cells.filter { !$0.isEmpty }
        guard let first = full.first, CellValue(first, mark) == .text else { return false }
        if first.starts(with: Array("//".utf8)) || first.starts(with: Array("% ".utf8)) { return true }
        return full.count == 1 && next.cells.count { !$0.isEmpty } > 1
    }

    private static func isHeader(
        _ head: [DelimitedText.Record], _ header: TableFormat.Header, _ mark: DecimalMark
    ) -> Bool {
        switch header {
        case .present: return true
        case .absent: return false
        case .detected: break
        }
        let names = head[0].cells.map { CellValue($0, mark) }
        if areYears(names), head.count > 1, !areYears(head[1].cells.map { CellValue($0, mark) }) { return true }
        let rows = head.dropFirst().prefix(3).map { row in row.cells.map { CellValue($0, mark) } }
        // A name above dates names them, whatever the other names are; without one, the columns are counted or named.
        let isUnnamed = head[0].cells[0].isEmpty
        let areNamed = names.first == .text || (isUnnamed && (areCounted(names) || areTexts(names)))
        if areNamed, rows.contains(where: { $0[0] == .date || (isUnnamed && $0[0].isNumber) }) {
            return true
        }
        guard names.contains(.text), !names.contains(where: \.isNumber) else { return false }
        guard head.count > 1 else { return true }
        // Rows below may lack a number, and the first of them may hold units.
        return rows.contains { row in
            zip(names, row).contains { name, value in name == .text && (value.isNumber || value == .date) }
        }
    }

    /// Whether all names but the first are numbers that count from 0 or 1.
    private static func areCounted(_ names: [CellValue]) -> Bool {
        names.count > 2
            && [0.0, 1.0].contains { first in
                zip(names.dropFirst(), 0...).allSatisfy { $0 == .number(first + Double($1)) }
            }
    }

    private static func areTexts(_ names: [CellValue]) -> Bool {
        names.count > 1 && names.dropFirst().allSatisfy { $0 == .text }
    }

    /// Whether the numbers of a row are two or more years, each the next one's predecessor, as names of columns.
    private static func areYears(_ values: [CellValue]) -> Bool {
        let years = values.compactMap { value -> Double? in if case .number(let year) = value { year } else { nil } }
        return years.count > 1 && years.allSatisfy { (1500...2200).contains($0) }
            && zip(years, years.dropFirst()).allSatisfy { $0 + 1 == $1 }
    }

    // Rows below the names that may hold text alone.
    private static let mostUnitRows = 3

    /// How many rows below the names hold text alone, above one with numbers or dates in columns of theirs.
    private static func unitRows(_ rows: [DelimitedText.Record], _ mark: DecimalMark) -> Int {
        let values = rows.prefix(mostUnitRows + 1).map { row in row.cells.map { CellValue($0, mark) } }
        guard let first = values.firstIndex(where: { row in row.contains { $0.isNumber || $0 == .date } }) else {
            return 0
        }
        let areUnits = values[..<first].allSatisfy { row in
            zip(row, values[first]).allSatisfy { $0 == .missing || ($0 == .text && $1 != .text) } && row.contains(.text)
        }
        return areUnits ? first : 0
    }

    /// The names that a comment has, as many as there are columns.
    private static func names(_ comment: ArraySlice<UInt8>, _ records: DelimitedText, count: Int) -> [String?]? {
        var line = DelimitedText(
            Array(comment), delimiter: Delimiter(rawValue: records.delimiter), commentMark: nil, name: records.name)
        guard count > 1, let record = try? line.next(), record.cells.count == count,
            record.cells.dropFirst().allSatisfy({ CellValue($0) == .text }),
            record.cells[0].isEmpty || CellValue(record.cells[0]) == .text
        else { return nil }
        // A first name that is # alone is the comment's mark.
        return record.cells.map { $0.isEmpty ? "#" : String(decoding: $0, as: UTF8.self) }
    }
}

extension DelimitedText.Record {
    /// Whether no cell holds anything.
    fileprivate var isEmpty: Bool { cells.allSatisfy(\.isEmpty) }
}

extension DelimitedText {
    /// The comment that stands last before the next record.
    fileprivate func commentBeforeNext() -> ArraySlice<UInt8>? {
        var ahead = self
        _ = try? ahead.next()
        return ahead.lastComment
    }
}

extension [String?] {
    /// Without the last where a separator at the end of the line has begun a name that no row has.
    fileprivate func droppingLastEmpty(where isClosed: Bool) -> [String?] {
        isClosed && last == .some(nil) ? Array(dropLast()) : self
    }
}
