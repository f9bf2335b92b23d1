/// What a cell of a table holds.
enum CellValue: Equatable {
    /// Nothing, or a word for it, in small or capital letters: `nan`, `na`, `n/a`, `#n/a`, `null`, `none`, `nil`,
    /// `missing`, `nat`, `\N`, `?`, `-`, `--`, `.` or `..`, a spreadsheet's errors such as `#DIV/0!`, and the date
    /// `0000-00-00`.
    case missing
    /// A finite number: `WrittenNumber`.
    case number(Double)
    /// A date: `WrittenDate`.
    case date
    /// Anything else.
    case text

    /// Tells what a cell holds from its bytes.
    init(_ cell: ArraySlice<UInt8>, _ mark: DecimalMark = .point) {
        if let number = WrittenNumber.read(cell, mark) {
            self = .number(number)
        } else if Self.isMissing(cell) {
            self = .missing
        } else {
            self = WrittenDate(cell) == nil ? .text : .date
        }
    }

    /// Whether it is a number.
    var isNumber: Bool {
        if case .number = self { true } else { false }
    }

    /// What is wrong with a text where a number is expected, and what to do.
    static func advice(_ cell: ArraySlice<UInt8>, _ mark: DecimalMark) -> String {
        let hasDigit = cell.contains { (48...57).contains($0) }
        if hasDigit, WrittenNumber.read(cell, mark == .point ? .comma : .point) != nil {
            return
                "is not a number with a decimal \(mark.rawValue); where the other mark stands before decimals, say so with "
                + "`decimalMark`"
        }
        if hasDigit, let unit = String(decoding: cell, as: UTF8.self).split(separator: " ").last,
            unit.allSatisfy(\.isLetter), WrittenNumber.read(cell.dropLast(unit.utf8.count + 1), mark) != nil
        {
            return
                "has the unit \"\(unit.prefix(20))\" beside its number; expected numbers alone, the unit in the header"
        }
        return
            "is not a number; expected one, or other `features`, or `missingWords` with what stands for a missing number"
    }

    /// What a spreadsheet writes into a cell whose formula has failed, in small letters.
    static let spreadsheetErrors = ["#n/a", "#div/0!", "#num!", "#name?", "#ref!", "#value!", "#null!"]

    private static let missingWords = Set(
        spreadsheetErrors + [
            "", "?", "-", "--", "\u{2013}", "\u{2014}", ".", "..", "na", "n/a", "n.a.", "nan", "nat", "null", "\\n",
            "none",
            "nil", "missing", "0000-00-00", "0000-00-00 00:00:00",
        ])

    private static func isMissing(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.isEmpty || cell.count <= 19 && missingWords.contains(String(decoding: cell, as: UTF8.self).lowercased())
    }
}
