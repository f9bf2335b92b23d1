import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentPictures
@testable import RecurrentStudies

@Suite struct BenchmarkComparisonTests {
    private func rows(_ comparison: BenchmarkComparison) throws -> [BenchmarkComparison.Row] {
        var rows: [BenchmarkComparison.Row] = []
        try comparison.measure(seconds: 0.001) { rows.append($0) }
        for row in rows {
            #expect(row.numbers.map(\.name) == comparison.columns)
            #expect(row.numbers.allSatisfy { $0.value.isFinite && $0.value >= 0 }, "\(row)")
            #expect(try #require(row["gradients apart"]) < 1e-4)
        }
        return rows
    }

    @Test func segments() throws {
        let rows = try rows(.segments(of: [9, 30]))
        #expect(rows.map(\.label) == ["9 steps", "30 steps"])
        let (whole, cut) = (try #require(rows[1]["whole MB"]), try #require(rows[1]["segments MB"]))
        #expect(whole > 0 && cut > 0)
        #expect(rows[1]["memory ratio"] == cut / whole)
    }

    @Test func wavefront() throws {
        let rows = try rows(.wavefront(of: [DeepStack(layers: 2, hidden: 5, batch: 9, steps: 20)]))
        #expect(rows.map(\.label) == ["2 layers of 5, batch of 9, 20 steps"])
        let times = [try #require(rows[0]["layer by layer ms"]), try #require(rows[0]["at once ms"])]
        let faster = try #require(rows[0]["times faster"])
        #expect(abs(faster * times[1] / times[0] - 1) < 1e-9)
    }

    @Test func projection() throws {
        let rows = try rows(.projection(of: [ProjectedSequence(steps: 5, batch: 3, hidden: 4, outputs: 6)]))
        #expect(rows.count == 1)
        #expect(try #require(rows[0]["losses apart"]) < 1e-6)
    }

    @Test func sampledSoftmax() throws {
        let comparison = BenchmarkComparison.sampledSoftmax(
            of: [WordPrediction(words: 20, width: 4, batch: 6, samples: 5)])
        var rows: [BenchmarkComparison.Row] = []
        try comparison.measure(seconds: 0.001) { rows.append($0) }
        #expect(rows.map(\.label) == ["20 words of 4, batch of 6, 5 samples"])
        #expect(rows[0].numbers.map(\.name) == comparison.columns)
        let (full, lazy) = (try #require(rows[0]["full ms"]), try #require(rows[0]["sampled lazy ms"]))
        #expect(abs(try #require(rows[0]["times faster"]) - full / lazy) < 1e-9)
    }

    @Test func ideas() throws {
        let comparison = BenchmarkComparison.ideas(
            of: [
                LayerSize(steps: 4, batch: 17, inputs: 3, hidden: 20),
                LayerSize(steps: 3, batch: 1, inputs: 5, hidden: 8),
            ], stacks: [DeepStack(layers: 2, hidden: 5, batch: 3, steps: 9)])
        var rows: [BenchmarkComparison.Row] = []
        try comparison.measure(seconds: 0.001) { rows.append($0) }
        #expect(rows.count == 13)
        #expect(Set(rows.map(\.label)).count == 13)
        #expect(rows.map(\.label).contains("shares of the units, 3 steps, batch of 1, 5 inputs, 8 units"))
        for row in rows {
            let (with, without) = (try #require(row["as it is ms"]), try #require(row["without ms"]))
            #expect(with > 0 && without.isFinite)
            #expect(abs(try #require(row["times slower without"]) - without / with) < 1e-9)
        }
    }

    /// The phases' shares are of all time, and the kernels' work is found.
    @Test func profilesBookAllTime() throws {
        let configuration = try #require(BenchmarkConfiguration.all.first { $0.name == "series-rnn" })
        let profile = keepingThreads { configuration.profile(seconds: 0.05) }
        #expect(profile.seconds > 0)
        #expect(abs(profile.shares.values.reduce(0, +) - 1) < 1e-6)
        #expect(profile.shares.keys.count == TimeProfile.Phase.allCases.count)
        for phase in [TimeProfile.Phase.sequentialProducts, .bigProducts, .gateArithmetic, .optimizer, .betweenKernels]
        {
            #expect(try #require(profile.shares[phase]) > 0, "\(phase)")
        }
    }

    @Test func namesAreUniqueAndNoConfigurations() {
        let names = BenchmarkComparison.all.map(\.name) + BenchmarkConfiguration.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func stepsAreTimedInTurn() {
        var order: [Int] = []
        let times = StepTiming(seconds: 0).medians([{ order.append(0) }, { order.append(1) }])
        #expect(times.count == 2)
        #expect(order == Array(repeating: [0, 1], count: 7).flatMap { $0 })
    }
}
