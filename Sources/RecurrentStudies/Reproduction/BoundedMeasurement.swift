/// A measured number that must lie within bounds, with what stands beside it in a table.
public struct BoundedMeasurement: Sendable, Equatable {
    /// Something else to know about what was measured.
    public struct Detail: Sendable, Equatable {
        /// What it is; the same for every measurement of a table.
        public let name: String
        /// How much it is, or nil where there is none.
        public let value: Double?

        init(_ name: String, _ value: Double?) {
            self.name = name
            self.value = value
        }
    }

    /// What was measured, such as the kind of network.
    public let title: String
    /// What stands beside.
    public let details: [Detail]
    /// Where the median must lie; nil where the number only stands beside others.
    public let expected: ClosedRange<Double>?
    /// The number, once for every seed, in their order.
    public let got: [Double]

    init(_ title: String, details: [Detail] = [], expected: ClosedRange<Double>?, got: [Double]) {
        self.title = title
        self.details = details
        self.expected = expected
        self.got = got
    }

    /// The median, the upper of two; NaN where there are no numbers or one is NaN.
    public var median: Double {
        guard !got.isEmpty, !got.contains(where: \.isNaN) else { return .nan }
        return got.sorted()[got.count / 2]
    }

    /// Whether the median is a number, and lies where it must.
    public var isWithinBounds: Bool { expected.map { $0.contains(median) } ?? median.isFinite }
}
