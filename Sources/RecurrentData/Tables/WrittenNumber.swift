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
        guard cell.count <= 60 else { return nil }
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
        if let number = plain(cell, mark) { return number }
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
        guard let digits = withoutGroups(scalars, mark), let number = plain(digits[...], mark), number >= 0 else {
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
    fileprivate static let powers = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// A number of a sign, digits and a mark. Up to 15 digits the quotient of two exact numbers is the nearest double
    /// (Clinger 1990).
    struct Plain {
        let value: Double
        /// How many digits stand after the mark, nil where there is none.
        let decimalCount: Int?
        /// Where it ends.
        let end: Int

        /// Reads as far as it goes, nil where there is no digit, or more than 15.
        @inline(__always)
        init?(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ mark: DecimalMark) {
            let markByte = mark.byte
            var (value, digits, place, markPlace) = (UInt64(0), 0, start, -1)
            var isNegative = false
            if place < bytes.count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
                isNegative = bytes[place] == UInt8(ascii: "-")
                place += 1
            }
            while place < bytes.count {
                let digit = bytes[place] &- 48
                if digit < 10 {
                    value = value &* 10 &+ UInt64(digit)
                    digits += 1
                } else if bytes[place] == markByte, markPlace < 0 {
                    markPlace = place
                } else {
                    break
                }
                place += 1
            }
            guard digits > 0, digits <= 15 else { return nil }
            let decimals = markPlace < 0 ? 0 : place - markPlace - 1
            let number = Double(value) / powers[decimals]
            self.value = isNegative ? -number : number
            decimalCount = markPlace < 0 ? nil : decimals
            end = place
        }
    }

    /// A number of digits, a mark and an exponent.
    private static func plain(_ cell: ArraySlice<UInt8>, _ mark: DecimalMark) -> Double? {
        let plain = cell.withUnsafeBufferPointer { bytes -> Double? in
            Plain(bytes, from: 0, mark).flatMap { $0.end == bytes.count ? $0.value : nil }
        }
        if plain == nil, cell.count <= 15, !cell.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return nil }
        return plain ?? slow(cell, mark.byte)
    }

    /// A number with an exponent or many digits, as the standard library reads it.
    private static func slow(_ cell: ArraySlice<UInt8>, _ mark: UInt8) -> Double? {
        guard cell.contains(where: { (48...57).contains($0) }),
            cell.allSatisfy({ (48...57).contains($0) || $0 == mark || "+-.eE".utf8.contains($0) })
        else { return nil }
        let bytes = cell.map { $0 == mark ? UInt8(ascii: ".") : $0 }
        guard !cell.contains(UInt8(ascii: ".")) || mark == UInt8(ascii: ".") else { return nil }
        let number = Double(String(decoding: bytes, as: UTF8.self))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }
}
