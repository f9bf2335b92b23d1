/// What a cell of a table holds.
enum CellValue: Equatable {
    /// Nothing, or a word for it: `nan`, `na`, `null` or `?`, in small or capital letters.
    case missing
    /// A finite number in decimal digits with a point, as `-1.5e3`.
    case number(Double)
    /// A date: `1949-01`, `1949-01-31`, `1949/01/31`, `01/31/1949` or `31.01.1949`, with or without a time of day.
    case date
    /// Anything else.
    case text

    /// Tells what a cell holds from its bytes.
    init(_ cell: ArraySlice<UInt8>) {
        if let number = Self.number(cell) {
            self = .number(number)
        } else if Self.isMissing(cell) {
            self = .missing
        } else {
            self = Self.isDate(cell) ? .date : .text
        }
    }

    /// Whether it is a number.
    var isNumber: Bool {
        if case .number = self { true } else { false }
    }

    /// What is wrong with a text where a number is expected, and what to do.
    static func advice(_ cell: ArraySlice<UInt8>) -> String {
        let words = String(decoding: cell, as: UTF8.self).lowercased().split { !$0.isLetter }
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        let hasDigit = cell.contains { (48...57).contains($0) }
        if hasDigit, words.contains(where: { months.contains(String($0.prefix(3))) }) {
            return "is not read as a date, because of the month's name; write 1949-01 or 1949-01-31"
        }
        if hasDigit, cell.contains(UInt8(ascii: ",")) {
            return "is not a number; expected digits with a decimal point, and no commas"
        }
        return "is not a number; expected a number with a decimal point, or choose other columns"
    }

    private static func number(_ cell: ArraySlice<UInt8>) -> Double? {
        let isDecimal = cell.allSatisfy { byte in (48...57).contains(byte) || "+-.eE".utf8.contains(byte) }
        guard isDecimal, let number = Double(String(decoding: cell, as: UTF8.self)), number.isFinite else {
            return nil
        }
        return number
    }

    private static func isMissing(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.count <= 4 && ["", "?", "na", "nan", "null"].contains(String(decoding: cell, as: UTF8.self).lowercased())
    }

    private static func isDate(_ cell: ArraySlice<UInt8>) -> Bool {
        let halves = cell.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ")
        }
        guard cell.count <= 40, let day = halves.first, halves.count == 1 || isTime(halves[1]) else { return false }
        guard let mark = day.first(where: { "-/.".utf8.contains($0) }) else { return false }
        let parts = day.split(separator: mark, omittingEmptySubsequences: false).map(Array.init)
        let numbers = parts.compactMap { part in
            part.count <= 4 && part.allSatisfy { (48...57).contains($0) }
                ? Int(String(decoding: part, as: UTF8.self)) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(parts.count) else { return false }
        if parts[0].count == 4, mark != UInt8(ascii: ".") {
            return parts.dropFirst().allSatisfy { $0.count <= 2 } && (1...12).contains(numbers[1])
                && (parts.count == 3 ? (1...31).contains(numbers[2]) : mark == UInt8(ascii: "-"))
        }
        // The day or the month first: one of them must be able to be a month.
        return parts.count == 3 && mark != UInt8(ascii: "-") && parts[2].count == 4
            && numbers[..<2].allSatisfy { (1...31).contains($0) } && min(numbers[0], numbers[1]) <= 12
    }

    private static func isTime(_ text: ArraySlice<UInt8>) -> Bool {
        let text = Array(text)
        return text.count >= 5 && text[2] == UInt8(ascii: ":")
            && text.allSatisfy { (48...57).contains($0) || ":.+-Z".utf8.contains($0) }
    }
}
