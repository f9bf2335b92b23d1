import Foundation

/// The places on an axis that have a label, and lesser ones that have none.
struct Ticks {
    var values: [Double]
    var labels: [String]
    var minor: [Double] = []

    private init(_ numbers: [DecimalNumber], labels: [String]) {
        values = numbers.map(\.value)
        self.labels = labels
    }

    /// Ticks at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - range: What the axis shows.
    ///   - count: How many ticks there may be.
    ///   - areWhole: Whether only whole numbers mean something.
    init(linear range: ClosedRange<Double>, atMost count: Int, areWhole: Bool) {
        let count = max(count, 2)
        let rough = range.upperBound / Double(count) - range.lowerBound / Double(count)
        var exponent = Int(log10(rough).rounded(.down)) - 1
        if areWhole { exponent = max(exponent, 0) }
        while true {
            for digits in [1, 2, 5] {
                let step = DecimalNumber(digits: digits, exponent: exponent).value
                guard step > 0 else { continue }
                let first = (range.lowerBound / step - 1e-9).rounded(.up)
                let last = (range.upperBound / step + 1e-9).rounded(.down)
                guard last - first < Double(count) else { continue }
                let numbers = (last < first ? [] : Array(Int(first)...Int(last))).map { multiple in
                    DecimalNumber(digits: multiple * digits, exponent: exponent)
                }
                self.init(numbers, labels: DecimalNumber.labels(of: numbers))
                return
            }
            exponent += 1
        }
    }

    /// Ticks at powers of ten, or at 1, 2 and 5 times them where there is room.
    ///
    /// - Parameters:
    ///   - range: What the axis shows, all positive.
    ///   - count: How many ticks there may be.
    init(logarithmic range: ClosedRange<Double>, atMost count: Int) {
        let exponents = Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
        func ticks(_ digits: [Int], every stride: Int = 1) -> [DecimalNumber] {
            exponents.filter { $0 % stride == 0 }.flatMap { exponent in
                digits.map { DecimalNumber(digits: $0, exponent: exponent) }
            }.filter { range.contains($0.value) }
        }
        var numbers = ticks([1, 2, 5])
        var stride = 1
        if numbers.count > count { numbers = ticks([1]) }
        while numbers.count > count {
            stride += 1
            numbers = ticks([1], every: stride)
        }
        guard numbers.count > 1 else {
            self.init(linear: range, atMost: count, areWhole: false)
            return
        }
        let arePlain = numbers.allSatisfy { (-3...4).contains($0.magnitude) }
        self.init(numbers, labels: numbers.map { arePlain ? $0.plain : $0.scientific(power: $0.magnitude) })
        if exponents.count < 10 { minor = ticks(Array(2...9)).map(\.value).filter { !values.contains($0) } }
    }
}
