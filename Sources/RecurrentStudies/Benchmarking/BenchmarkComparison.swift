/// Two ways to compute the same thing, side by side, or one over a range of sizes: a name of `rnn benchmark`.
public struct BenchmarkComparison: Sendable {
    /// One case of a comparison.
    public struct Row: Sendable, Equatable {
        /// What was computed.
        public let label: String
        /// What was measured, by name, in the order of the columns.
        public let numbers: [Number]

        /// The measured value of a name.
        public subscript(name: String) -> Double? { numbers.first { $0.name == name }?.value }
    }

    /// One measured value.
    public struct Number: Sendable, Equatable {
        /// What it is, and its unit.
        public let name: String
        /// The value.
        public let value: Double
    }

    /// The name on the command line.
    public let name: String
    /// What is compared, in a sentence.
    public let summary: String
    /// The names of the columns.
    public let columns: [String]
    private let run: @Sendable (_ seconds: Double, _ each: (Row) throws -> Void) throws -> Void

    /// Makes a comparison whose rows have one number for each column.
    init(
        _ name: String, _ summary: String, columns: [String],
        run:
            @escaping @Sendable (_ seconds: Double, _ each: (_ label: String, _ numbers: [Double]) throws -> Void)
            throws
            -> Void
    ) {
        self.name = name
        self.summary = summary
        self.columns = columns
        self.run = { seconds, each in
            try run(seconds) { label, values in
                try each(Row(label: label, numbers: zip(columns, values).map { Number(name: $0, value: $1) }))
            }
        }
    }

    /// Measures every case with the threads that `RecurrentKernels.threads` allows, and hands its row over when it is done.
    /// - Parameter seconds: For how long the ways of a case are repeated, in turn; five times at least.
    /// - Throws: What `each` throws.
    public func measure(seconds: Double, each: (Row) throws -> Void) throws { try run(seconds, each) }

    /// All comparisons that `rnn benchmark` knows, in their order.
    public static let all =
        [segments, wavefront, projection, sampledSoftmax, ragged, smallBatches, inference] + growth
        + [memory, threads, ideas]
}
