import Foundation

/// A decimal number, exact: `digits` times ten to the power of `exponent`.
struct DecimalNumber: Equatable {
    var digits: Int
    var exponent: Int

    /// The nearest floating-point number.
    var value: Double { Double("\(digits)e\(exponent)") ?? 0 }

    /// The power of ten of the first digit.
    var magnitude: Int { digits == 0 ? 0 : String(digits.magnitude).count - 1 + exponent }

    /// The number written out, with thin spaces between thousands where it has five digits or more.
    var plain: String {
        var whole = String(digits.magnitude) + String(repeating: "0", count: max(0, exponent))
        if digits == 0 { whole = "0" }
        var fraction = ""
        if exponent < 0 {
            let padded = String(repeating: "0", count: max(0, 1 - exponent - whole.count)) + whole
            whole = String(padded.dropLast(-exponent))
            fraction = "." + padded.suffix(-exponent)
        }
        if whole.count > 4 {
            for place in stride(from: whole.count - 3, to: 0, by: -3) {
                whole.insert("\u{2009}", at: whole.index(whole.startIndex, offsetBy: place))
            }
        }
        return (digits < 0 ? "−" : "") + whole + fraction
    }

    /// The number as a power of ten, times what it needs.
    func scientific(power: Int) -> String {
        if digits == 0 { return "0" }
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let figures = String(power.magnitude).compactMap(\.wholeNumberValue).map { superscripts[$0] }
        let ten = "10" + (power < 0 ? "⁻" : "") + String(figures)
        let mantissa = DecimalNumber(digits: digits, exponent: exponent - power).plain
        return mantissa == "1" ? ten : "\(mantissa)×\(ten)"
    }

    /// The numbers, all in one notation: written out, unless they are very great or very small.
    static func labels(of numbers: [DecimalNumber]) -> [String] {
        let magnitude = numbers.filter { $0.digits != 0 }.map(\.magnitude).max() ?? 0
        return numbers.map { number in
            (-4...5).contains(magnitude) ? number.plain : number.scientific(power: magnitude)
        }
    }
}

extension Double {
    /// The number in a few letters: three significant digits, or whole, or a power of ten times two digits.
    package var briefly: String {
        if !isFinite { return isNaN ? "–" : self > 0 ? "∞" : "−∞" }
        if abs(self) < 1e5, self == rounded() || abs(self) >= 100 {
            return DecimalNumber(digits: Int(rounded()), exponent: 0).plain
        }
        if (1e-3..<100).contains(abs(self)) {
            return String(format: "%.3g", self).replacingOccurrences(of: "-", with: "−")
        }
        let parts = String(format: "%.1e", self).split(separator: "e")
        let power = Int(parts[1]) ?? 0
        let digits = Int(parts[0].filter { $0 != "." }) ?? 0
        return DecimalNumber(digits: digits, exponent: power - 1).scientific(power: power)
    }
}
