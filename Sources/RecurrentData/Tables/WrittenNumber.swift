/// What stands before a number's decimals.
public enum DecimalMark: String, CaseIterable, Codable, Sendable {
    /// `1.5`, and in large numbers commas, blanks or apostrophes between the thousands.
    case point
    /// `1,5`, and in large numbers points, blanks or apostrophes between the thousands.
    case comma

    var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    var other: UInt8 { self == .point ? UInt8(ascii: ",") : UInt8(ascii: ".") }

    /// What a cell says of its mark, nil where it fits both or neither: `1,5` and `1.234,5` have a comma, `1.5` and
    /// `1,234.5` a point, `0,125` a comma; `1,234` may have either.
    static func told(by cell: ArraySlice<UInt8>) -> DecimalMark? {
        let marks = cell.indices.filter { cell[$0] == UInt8(ascii: ",") || cell[$0] == UInt8(ascii: ".") }
        guard let last = marks.last, cell.contains(where: { (48...57).contains($0) }),
            cell.allSatisfy({ (48...57).contains($0) || "+-.,' eE%$".utf8.contains($0) || $0 >= 0x80 })
        else { return nil }
        let lastMark = cell[last] == UInt8(ascii: ",") ? DecimalMark.comma : .point
        let kinds = Set(marks.map { cell[$0] })
        if kinds.count == 2 { return lastMark }
        if marks.count > 1 {
            let groups = cell.split { $0 == cell[last] }.dropFirst()
            return groups.allSatisfy { $0.prefix { (48...57).contains($0) }.count == 3 }
                ? (lastMark == .comma ? .point : .comma) : nil
        }
        let before = cell[..<last].drop { !(48...57).contains($0) }
        let after = cell[(last + 1)...].prefix { (48...57).contains($0) }
        // No group of thousands begins with a zero.
        let mayBeGroup = after.count == 3 && (1...3).contains(before.count) && before.first != UInt8(ascii: "0")
        return mayBeGroup ? nil : lastMark
    }
}

/// Reads numbers as tables write them.
enum WrittenNumber {
    /// The number of a cell, nil where it is none: with a sign (U+2212 too), thousands in groups, a currency's sign, a
    /// percent sign, or in brackets for a negative one. A percent sign changes nothing: `5%` is 5.
    static func read(_ cell: ArraySlice<UInt8>, _ mark: DecimalMark) -> Double? {
        if let number = plain(cell, mark.byte) { return number }
        guard cell.count <= 60, cell.contains(where: { (48...57).contains($0) }) else { return nil }
        var scalars = Array(String(decoding: cell, as: UTF8.self).unicodeScalars)
        var isNegative = false
        if scalars.first == "(", scalars.last == ")" {
            isNegative = true
            scalars = Array(scalars.dropFirst().dropLast())
        }
        if scalars.last == "%" { scalars.removeLast() }
        var hasSign = isNegative
        var hasCurrency = false
        while let first = scalars.first {
            if !hasSign, ["-", "+", "\u{2212}"].contains(first) {
                (hasSign, isNegative) = (true, first != "+")
            } else if !hasCurrency, currencies.contains(first) {
                hasCurrency = true
            } else if !blanks.contains(first) {
                break
            }
            scalars.removeFirst()
        }
        while let last = scalars.last, blanks.contains(last) || (!hasCurrency && currencies.contains(last)) {
            if currencies.contains(last) { hasCurrency = true }
            scalars.removeLast()
        }
        guard let digits = withoutGroups(scalars, mark), let number = plain(digits[...], mark.byte), number >= 0 else {
            return nil
        }
        return isNegative ? -number : number
    }

    private static let currencies: Set<Unicode.Scalar> = ["$", "\u{20AC}", "\u{A3}", "\u{A5}"]
    private static let blanks: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{202F}", "\u{2009}"]

    /// Digits, a mark and an exponent, nil where groups are not of three digits.
    private static func withoutGroups(_ scalars: [Unicode.Scalar], _ mark: DecimalMark) -> [UInt8]? {
        let whole = scalars.prefix { $0.value != UInt32(mark.byte) && $0 != "e" && $0 != "E" }
        let isGroupMark = { (scalar: Unicode.Scalar) in
            scalar.value == UInt32(mark.other) || scalar == "'" || scalar == "\u{2019}" || blanks.contains(scalar)
        }
        let groups = whole.split(omittingEmptySubsequences: false, whereSeparator: isGroupMark)
        let isGrouped =
            groups.count == 1
            || (1...3).contains(groups[0].count) && groups[0].first != "0"
                && groups.dropFirst().allSatisfy { $0.count == 3 }
        guard isGrouped, Set(whole.filter(isGroupMark)).count <= 1 else { return nil }
        let rest = scalars[whole.count...]
        guard (groups.joined() + rest).allSatisfy({ $0.isASCII }) else { return nil }
        return (groups.joined() + rest).map { UInt8($0.value) }
    }

    // Powers of ten that a double holds exactly, as many as fifteen digits need.
    private static let powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

    /// A number of digits, a mark and an exponent. Up to 15 digits the quotient of two exact numbers is the
    /// nearest double (Clinger 1990); others are the standard library's.
    private static func plain(_ cell: ArraySlice<UInt8>, _ mark: UInt8) -> Double? {
        var (value, digits, decimals) = (UInt64(0), 0, 0)
        var (isNegative, hasMark) = (false, false)
        for index in cell.indices {
            let byte = cell[index]
            if (48...57).contains(byte) {
                value = value &* 10 &+ UInt64(byte - 48)
                digits += 1
                if hasMark { decimals += 1 }
                if digits > 15 { return slow(cell, mark) }
            } else if byte == mark, !hasMark {
                hasMark = true
            } else if index == cell.startIndex, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                isNegative = byte == UInt8(ascii: "-")
            } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
                return slow(cell, mark)
            } else {
                return nil
            }
        }
        guard digits > 0 else { return nil }
        let number = Double(value) / powers[decimals]
        return isNegative ? -number : number
    }

    private static func slow(_ cell: ArraySlice<UInt8>, _ mark: UInt8) -> Double? {
        let bytes = cell.map { $0 == mark ? UInt8(ascii: ".") : $0 }
        guard bytes.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        guard !cell.contains(UInt8(ascii: ".")) || mark == UInt8(ascii: ".") else { return nil }
        let number = Double(String(decoding: bytes, as: UTF8.self))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }
}
