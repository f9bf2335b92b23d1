/// Two ways to compute the same thing, side by side, or one over a range of sizes: a name of `rnn benchmark`.
package struct BenchmarkComparison: Sendable {
    /// One case of a comparison.
    package struct Row: Sendable, Equatable {
        /// What was computed.
        package let label: String
        /// What was measured, by name, in the order of the columns.
        package let numbers: [Number]

        /// The measured value of a name.
        package subscript(name: String) -> Double? { numbers.first { $0.name == name }?.value }
    }

    /// One measured value.
    package struct Number: Sendable, Equatable {
        /// What it is, and its unit.
        package let name: String
        /// The value.
        package let value: Double
    }

    /// The name on the command line.
    package let name: String
    /// What is compared, in a sentence.
    package let summary: String
    /// The names of the columns.
    package let columns: [String]
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
    package func measure(seconds: Double, each: (Row) throws -> Void) throws { try run(seconds, each) }

    /// All comparisons that `rnn benchmark` knows, in their order.
    package static let all =
        [segments, wavefront, projection, normalization, sampledSoftmax, ragged, smallBatches, inference] + growth
        + [memory, threads, ideas]
}
