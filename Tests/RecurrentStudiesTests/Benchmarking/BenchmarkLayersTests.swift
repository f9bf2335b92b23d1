import Testing

@testable import Recurrent
@testable import RecurrentPictures
@testable import RecurrentStudies

@Suite struct BenchmarkLayersTests {
    private static func rows(_ comparison: BenchmarkComparison) throws -> [BenchmarkComparison.Row] {
        var rows: [BenchmarkComparison.Row] = []
        try comparison.measure(seconds: 0.001) { rows.append($0) }
        for row in rows {
            #expect(row.numbers.map(\.name) == comparison.columns)
            #expect(row.numbers.allSatisfy { $0.value.isFinite && $0.value > 0 }, "\(row)")
        }
        return rows
    }

    @Test func raggedLengthsAreSpreadEvenly() {
        #expect(raggedLengths(64, longest: 73).sorted() == Array(10...73))
        #expect(raggedLengths(64, longest: 73)[1] == 10 + 37)
        #expect(raggedLengths(1, longest: 20) == [10])
    }

    @Test func ragged() throws {
        let rows = try Self.rows(.ragged(of: [12], batch: 3, hidden: 5))
        #expect(rows.map(\.label) == ["T 12"])
        #expect(rows[0]["share of steps"] == Double(10 + 11 + 12) / 36)
    }

    @Test func sizesOfLayers() throws {
        #expect(
            try Self.rows(.smallBatches(of: [4], batches: [1, 3], steps: 2)).map(\.label) == ["H 4 B 1", "H 4 B 3"])
        let inference = try Self.rows(.inference(of: [4], batches: [2], steps: 3))
        #expect(inference.map(\.label) == ["lstm H 4 B 2", "gru H 4 B 2"])
    }

    @Test func normalization() throws {
        let rows = try Self.rows(.normalization(of: [4], batch: 2, steps: 3))
        #expect(rows.map(\.label) == ["lstm H 4 B 2", "gru H 4 B 2"])
        for row in rows {
            let (plain, normalized) = (try #require(row["plain ms"]), try #require(row["normalized ms"]))
            #expect(abs(try #require(row["times the plain"]) - normalized / plain) < 1e-9)
        }
    }

    @Test func growth() async {
        await #expect(processExitsWith: .success) {
            let rows = try Self.rows(.growth("steps", [3, 30]) { $0.steps = $1 })
            #expect(rows.map(\.label) == ["steps 3", "steps 30"])
            #expect(try #require(rows[1]["MB"]) > 2 * (try #require(rows[0]["MB"])))
        }
    }

    @Test func whatDoesNotFitIsNotMeasured() throws {
        var found: [BenchmarkComparison.Row] = []
        let comparison = BenchmarkComparison.growth("steps", [1 << 40]) { $0.steps = $1 }
        try comparison.measure(seconds: 0.001) { found.append($0) }
        #expect(found.count == 1 && found[0].numbers.allSatisfy { $0.value.isNaN })
    }

    /// The loss's gradient has the outputs' size; an LSTM holds its cell states beside the outputs, and its gates.
    @Test func memory() async {
        await #expect(processExitsWith: .success) {
            let rows = try Self.rows(.memory(of: [.lstm, .rnn], hidden: 16, batch: 8, steps: 64))
            #expect(rows.map(\.label) == ["lstm H 16", "rnn H 16"])
            #expect(rows[0]["the loss"] == 1)
            #expect(try #require(rows[0]["every further layer"]) > #require(rows[1]["every further layer"]) + 1)
        }
    }

    @Test func threadsAreLeftAsTheyWere() async {
        await #expect(processExitsWith: .success) {
            RecurrentKernels.threads = 3
            let rows = try Self.rows(.threads(of: [4], batches: [1], steps: 2))
            #expect(RecurrentKernels.threads == 3)
            #expect(rows.map(\.label) == ["H 4 B 1, 1 to 2 threads", "H 4 B 1, 2 to 3 threads"])
        }
    }
}
