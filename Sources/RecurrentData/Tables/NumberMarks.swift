/// What the numbers of a column have that could be read otherwise.
struct NumberMarks: Equatable {
    private var percentCount = 0
    private var wholeCount = 0
    private var decimalCount = 0
    private var thirdCount = 0
    private var firstGroup: [UInt8]?
    private var firstThird: [UInt8]?

    /// Counts a number of a sign, digits and a mark that stands before other than three decimals.
    mutating func count(hasDecimals: Bool) {
        if hasDecimals { decimalCount += 1 } else { wholeCount += 1 }
    }

    /// Counts a cell that is a number with a mark before its decimals.
    mutating func count(_ cell: ArraySlice<UInt8>, _ mark: DecimalMark) {
        if cell.last == UInt8(ascii: "%") { percentCount += 1 }
        guard let place = cell.lastIndex(where: { $0 == mark.byte || $0 == mark.other }) else {
            wholeCount += 1
            return
        }
        // Most cells have another number of digits there, and are not looked at more closely.
        let digits = cell[(place + 1)...].prefix { (48...57).contains($0) }.count
        let isThird = digits == 3 && DecimalMark.told(by: cell) == nil
        if cell[place] == mark.other {
            if isThird, firstGroup == nil { firstGroup = Array(cell.prefix(30)) }
        } else {
            decimalCount += 1
            if isThird { thirdCount += 1 }
            if isThird, firstThird == nil { firstThird = Array(cell.prefix(30)) }
        }
    }

    /// What is chosen, a line each, of so many numbers.
    /// - Parameter delimiter: What stands between the columns: beside commas, points are decimal ones.
    func findings(_ count: Int, _ mark: DecimalMark, delimiter: Delimiter) -> [String] {
        var found: [String] = []
        let advice = "where that is wrong, say so with `decimalMark`"
        if let firstGroup {
            found.append("\(String(decoding: firstGroup, as: UTF8.self)) is read with thousands in groups; \(advice)")
        }
        // Decimals of three digits alone may be thousands.
        if let firstThird, thirdCount == decimalCount, wholeCount > 0 || delimiter != .comma {
            found.append("\(String(decoding: firstThird, as: UTF8.self)) is read with three decimals; \(advice)")
        }
        if percentCount > 0, percentCount < count {
            found.append("\(percentCount) of \(count) numbers have a percent sign, which changes nothing")
        }
        return found
    }
}
