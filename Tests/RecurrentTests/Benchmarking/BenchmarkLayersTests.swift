import Testing

@testable import Recurrent

@Suite struct BenchmarkLayersTests {
    private func rows(_ comparison: BenchmarkComparison) throws -> [BenchmarkComparison.Row] {
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
        let rows = try rows(.ragged(of: [12], batch: 3, hidden: 5))
        #expect(rows.map(\.label) == ["T 12"])
        #expect(rows[0]["share of steps"] == Double(10 + 11 + 12) / 36)
    }

    @Test func sizesOfLayers() throws {
        #expect(
            try rows(.smallBatches(of: [4], batches: [1, 3], steps: 2)).map(\.label) == ["H 4 B 1", "H 4 B 3"])
        #expect(try rows(.inference(of: [4], batches: [2], steps: 3)).map(\.label) == ["lstm H 4 B 2", "gru H 4 B 2"])
    }

    @Test func growth() throws {
        let rows = try rows(.growth("steps", [3, 30]) { $0.steps = $1 })
        #expect(rows.map(\.label) == ["steps 3", "steps 30"])
        #expect(try #require(rows[1]["MB"]) > 2 * (try #require(rows[0]["MB"])))
    }

    @Test func whatDoesNotFitIsNotMeasured() throws {
        var found: [BenchmarkComparison.Row] = []
        try BenchmarkComparison.growth("steps", [1 << 40]) { $0.steps = $1 }.measure(seconds: 0.001) { found.append($0) }
        #expect(found.count == 1 && found[0].numbers.allSatisfy { $0.value.isNaN })
    }

    /// Outputs, and at least one more number for each of the others' gates; the loss's gradient has the outputs' size.
    @Test func memory() throws {
        let rows = try rows(.memory(of: [.lstm, .rnn], hidden: 16, batch: 8, steps: 64))
        #expect(rows.map(\.label) == ["lstm H 16", "rnn H 16"])
        #expect(rows[0]["the loss"] == 1)
        let (lstm, basic) = (
            try #require(rows[0]["every further layer"]), try #require(rows[1]["every further layer"])
        )
        #expect(basic >= 1 && lstm > basic)
    }

    @Test func threadsAreLeftAsTheyWere() throws {
        let before = Machine.threads
        let rows = try rows(.threads(of: [4], batches: [1], steps: 2))
        #expect(Machine.threads == before)
        #expect(rows.map(\.label).allSatisfy { $0.hasPrefix("H 4 B 1, ") })
        #expect(rows.count == (before == 1 ? 0 : sequence(first: 1) { $0 * 2 }.prefix { $0 < before }.count))
    }
}
