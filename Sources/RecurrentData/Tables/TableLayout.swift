import Recurrent

/// How a table is written: found out from its first rows, where it is not given.
struct TableLayout {
    /// The records from the first row of values on.
    let records: DelimitedText
    /// The columns' names, nil where one has none.
    let names: [String?]
    /// What stands before a number's decimals.
    let decimalMark: DecimalMark
    /// The comments down to the first row of values.
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
        decimalMark = mark ?? .point
        // A title: a text alone above rows of several cells.
        while format.header == .detected, head.count > 1, let title = head.first, Self.isTitle(title, above: head[1]) {
            found.append("line \(title.line) is a title")
            _ = try records.next()
            head.removeFirst()
        }
        let comment = records.lastComment(before: head[0])
        let hasHeader = Self.isHeader(head, format.header, decimalMark)
        if hasHeader {
            let header = head.removeFirst()
            _ = try records.next()
            names = try header.cells.indices.map { index in
                let text = try records.text(header, column: index)
                return text.isEmpty ? nil : text
            }.droppingLastEmpty(where: head.first.map { $0.cells.count == header.cells.count - 1 } ?? false)
            if format.header == .detected { found.append("line \(header.line) names the columns") }
            if head.count > 1, Self.isUnits(head[0], above: head[1], decimalMark) {
                found.append("line \(head[0].line) has the columns' units, and is passed over")
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
        commentsAbove = ahead.commentCount
        findings = found
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
        for cell in head.lazy.flatMap(\.cells) where WrittenDate(cell) == nil {
            if let told = DecimalMark.told(by: cell) { counts[told, default: 0] += 1 }
        }
        let (points, commas) = (counts[.point, default: 0], counts[.comma, default: 0])
        return points == commas ? nil : points > commas ? .point : .comma
    }

    private static func isTitle(_ record: DelimitedText.Record, above next: DelimitedText.Record) -> Bool {
        let full = record.cells.filter { !$0.isEmpty }
        return full.count == 1 && CellValue(record.cells[0]) == .text && next.cells.count { !$0.isEmpty } > 1
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
        guard names.contains(.text), !names.contains(where: \.isNumber) else { return false }
        guard head.count > 1 else { return true }
        // Rows below may lack a number, and the first of them may hold units.
        return head.dropFirst().prefix(3).contains { row in
            zip(names, row.cells).contains { name, cell in
                let value = CellValue(cell, mark)
                return name == .text && (value.isNumber || value == .date)
            }
        }
    }

    /// Whether the numbers of a row are two or more years, each the next one's predecessor, as names of columns.
    private static func areYears(_ values: [CellValue]) -> Bool {
        let years = values.compactMap { value -> Double? in if case .number(let year) = value { year } else { nil } }
        return years.count > 1 && years.allSatisfy { (1500...2200).contains($0) }
            && zip(years, years.dropFirst()).allSatisfy { $0 + 1 == $1 }
    }

    /// Whether a row below the names has texts where the next one has numbers or dates, and none of these itself.
    private static func isUnits(
        _ record: DelimitedText.Record, above next: DelimitedText.Record, _ mark: DecimalMark
    ) -> Bool {
        let values = record.cells.map { CellValue($0, mark) }
        guard !values.contains(where: { $0.isNumber || $0 == .date }) else { return false }
        let below = next.cells.map { CellValue($0, mark) }
        return zip(values, below).allSatisfy { $0 == .missing || ($0 == .text && $1 != .text) }
            && values.contains(.text)
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

extension DelimitedText {
    /// The comment that stands last before a record which is the next.
    fileprivate func lastComment(before record: Record) -> ArraySlice<UInt8>? {
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
