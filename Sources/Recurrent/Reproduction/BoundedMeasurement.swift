/// A number that must lie within bounds, with what stands beside it in a table.
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
    /// Where the number must lie.
    public let expected: ClosedRange<Double>
    /// The number.
    public let got: Double

    /// Whether the number lies where it must.
    public var isWithinBounds: Bool { expected.contains(got) }
}
