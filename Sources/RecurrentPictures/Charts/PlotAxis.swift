import Foundation

/// How the numbers of an axis are spread over its length.
public enum AxisScale: Sendable {
    /// Equal differences take equal lengths.
    case linear
    /// Equal ratios take equal lengths; only positive numbers can be shown.
    case logarithmic
}

/// A range of numbers laid out on a length.
struct PlotAxis {
    let scale: AxisScale
    let range: ClosedRange<Double>
    /// Whether all numbers shown are whole.
    let areWhole: Bool

    /// An axis that shows all the numbers that its scale can show.
    ///
    /// - Parameter margin: The share of the range to leave free on both sides.
    init(_ scale: AxisScale, showing numbers: [Double], margin: Double) {
        self.scale = scale
        let shown = numbers.filter { PlotAxis.canShow($0, on: scale) }
        areWhole = shown.allSatisfy { $0 == $0.rounded() }
        let least = shown.min() ?? (scale == .linear ? 0 : 0.1)
        let greatest = shown.max() ?? 1
        switch scale {
        case .linear: range = PlotAxis.widened(least, greatest, margin: margin)
        case .logarithmic:
            // A constant is shown between a half and the double of it.
            let (first, last) = (log10(least), log10(greatest))
            let reserve = last - first < 1e-9 ? 0.30103 : margin * (last - first)
            let lower = max(pow(10, first - reserve), .leastNormalMagnitude)
            range = lower...min(pow(10, last + reserve), .greatestFiniteMagnitude)
        }
    }

    private static func widened(_ least: Double, _ greatest: Double, margin: Double) -> ClosedRange<Double> {
        let size = max(abs(least), abs(greatest))
        let isConstant = greatest - least <= max(1e-12 * size, 1e-300)
        let extent = isConstant ? (size < 1e-290 ? 1 : 0.1 * size) : margin * (greatest - least)
        // Differences may be greater than the greatest number.
        let reserve = min(extent, .greatestFiniteMagnitude)
        var lower = max(least - reserve, -.greatestFiniteMagnitude)
        let upper = min(greatest + reserve, .greatestFiniteMagnitude)
        // An axis of losses does not go below zero for its margin's sake.
        if least >= 0, lower < 0, !isConstant || least > 0 { lower = 0 }
        return lower...upper
    }

    /// Whether axes of a scale have a place for the number.
    static func canShow(_ number: Double, on scale: AxisScale) -> Bool {
        number.isFinite && (scale == .linear || number >= .leastNormalMagnitude)
    }

    /// Whether the axis has a place for the number.
    func shows(_ number: Double) -> Bool {
        PlotAxis.canShow(number, on: scale)
    }

    /// How far along the axis the number lies, 0 to 1 within the range.
    func fraction(of number: Double) -> Double {
        switch scale {
        case .linear:
            let size = max(abs(range.lowerBound), abs(range.upperBound))
            let (first, last) = (range.lowerBound / size, range.upperBound / size)
            return (number / size - first) / (last - first)
        case .logarithmic:
            let (first, last) = (log10(range.lowerBound), log10(range.upperBound))
            return (log10(max(number, .leastNormalMagnitude)) - first) / (last - first)
        }
    }

    /// The ticks, as many as there is room for without labels touching.
    ///
    /// - Parameters:
    ///   - length: The axis's length, in pixels.
    ///   - count: How many ticks there may be.
    ///   - extent: The length that a label takes along the axis, the gap to the next included.
    func ticks(length: Double, atMost count: Int, extent: (String) -> Double) -> Ticks {
        var count = count
        while true {
            let ticks =
                scale == .linear
                ? Ticks(linear: range, atMost: count, areWhole: areWhole)
                : Ticks(logarithmic: range, atMost: count)
            let places = ticks.values.map { fraction(of: $0) * length }
            let extents = ticks.labels.map(extent)
            let fits = places.indices.dropFirst().allSatisfy { index in
                places[index] - places[index - 1] >= (extents[index] + extents[index - 1]) / 2
            }
            if fits || count <= 2 { return ticks }
            count -= 1
        }
    }
}
