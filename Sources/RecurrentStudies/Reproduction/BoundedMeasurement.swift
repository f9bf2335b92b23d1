/// A measured number that must lie within bounds, with what stands beside it in a table.
package struct BoundedMeasurement: Sendable, Equatable {
    /// Something else to know about what was measured.
    package struct Detail: Sendable, Equatable {
        /// What it is; the same for every measurement of a table.
        package let name: String
        /// How much it is, or nil where there is none.
        package let value: Double?

        init(_ name: String, _ value: Double?) {
            self.name = name
            self.value = value
        }
    }

    /// What was measured, such as the kind of network.
    package let title: String
    /// What stands beside.
    package let details: [Detail]
    /// Where the median must lie; nil where the number only stands beside others.
    package let expected: ClosedRange<Double>?
    /// The number, once for every seed, in their order.
    package let got: [Double]

    init(_ title: String, details: [Detail] = [], expected: ClosedRange<Double>?, got: [Double]) {
        self.title = title
        self.details = details
        self.expected = expected
        self.got = got
    }

    /// The median, the upper of two; NaN where there are no numbers or one is NaN.
    package var median: Double {
        guard !got.isEmpty, !got.contains(where: \.isNaN) else { return .nan }
        return got.sorted()[got.count / 2]
    }

    /// Whether the median is a number, and lies where it must.
    package var isWithinBounds: Bool { expected.map { $0.contains(median) } ?? median.isFinite }
}
