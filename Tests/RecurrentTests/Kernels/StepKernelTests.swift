import CKernels
import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// The stages of a time step, of every kind and with every precision of weights, at every level of this machine.
@Suite struct StepKernelTests {
    private static func cases(_ weights: WeightPrecision) -> [StepCase] {
        var cases: [StepCase] = []
        for kind in StepCase.Kind.allCases {
            for (batch, units) in [(1, 5), (1, 83), (2, 33), (7, 70)] {
                let recurs = kind != .dense && kind != .gruCandidate
                for (inputs, state) in [(3, recurs ? units : 0), (42, recurs ? 31 : 0)] {
                    cases.append(
                        StepCase(kind: kind, weights: weights, batch: batch, inputs: inputs, state: state, units: units)
                    )
                }
                if recurs {
                    cases.append(
                        StepCase(
                            kind: kind, weights: weights, batch: batch, inputs: 9, state: units, units: units,
                            readsTokens: true))
                }
            }
        }
        return cases
    }

    @Test(arguments: StepLevel.all, WeightPrecision.allCases)
    func stagesAreWhatTheirDefinitionSays(_ level: StepLevel, _ weights: WeightPrecision) throws {
        for stage in Self.cases(weights) {
            let results = try #require(stage.run(level), "\(stage) wrote beside its memory")
            let expected = stage.expected()
            #expect(results.count == expected.count)
            for (result, wanted) in zip(results, expected) {
                for (value, exact) in zip(stage.unpadded(result), wanted) {
                    #expect(abs(value - exact) <= 1e-5 * max(1, abs(exact)), "\(stage)")
                }
            }
        }
    }

    /// Sums of bytes are whole numbers: no level rounds them.
    @Test func sumsOfBytesAgreeAtEveryLevel() throws {
        for (batch, inputs, units) in [(1, 7, 3), (1, 300, 65), (5, 129, 70)] {
            let stage = StepCase(
                kind: .dense, weights: .int8, batch: batch, inputs: inputs, state: 0, units: units, hasBias: false)
            let all = try StepLevel.all.map { try #require(stage.run($0)?.first).bytes }
            for bytes in all.dropFirst() { #expect(bytes == all[0], "\(stage)") }
        }
    }

    @Test(arguments: StepLevel.all, WeightPrecision.allCases)
    func everyNumberOfThreadsGivesTheSameBits(_ level: StepLevel, _ weights: WeightPrecision) throws {
        for kind in [StepCase.Kind.lstm, .gru, .gruGates, .relu] {
            for batch in [1, 3] {
                let stage = StepCase(
                    kind: kind, weights: weights, batch: batch, inputs: 331, state: 331, units: 331)
                let results = try onThreads([1, 2, 3, 2, 3]) {
                    try #require(stage.run(level, threads: 3)).map(\.bytes)
                }
                for result in results.dropFirst() { #expect(result == results[0], "\(stage)") }
            }
        }
    }

    /// A network that breaks is seen to break, although bytes know no NaN.
    @Test(arguments: StepLevel.all, [Double.nan, .infinity])
    func brokenNumbersStayBroken(_ level: StepLevel, _ value: Double) throws {
        for weights in WeightPrecision.allCases {
            let stage = StepCase(kind: .dense, weights: weights, batch: 2, inputs: 20, state: 0, units: 18)
            let outputs = stage.unpadded(try #require(stage.run(level, breaking: value)?.first))
            #expect(outputs[..<18].allSatisfy { !$0.isFinite })
            #expect(outputs[18...].allSatisfy { $0.isFinite })
        }
    }

    @Test(arguments: StepLevel.all) func weightsOfTokensAreExponentials(_ level: StepLevel) {
        for count in [1, 7, 16, 65] {
            let logits = numbers(count, 3).map { Float(4 * $0) }
            let largest = Double(logits.max()!)
            var weights = [Float](repeating: .nan, count: count)
            let sum = level.table.token_weights(logits, Int64(count), 0.7, &weights)
            let expected = logits.map { exp((Double($0) - largest) / 0.7) }
            for (weight, exact) in zip(weights, expected) { #expect(abs(Double(weight) - exact) < 1e-6) }
            #expect(abs(sum - expected.reduce(0, +)) < 1e-5 * sum)
            for bad in [Float.nan, .infinity] {
                var broken = logits
                broken[count / 2] = bad
                #expect(level.table.token_weights(broken, Int64(count), 0.7, &weights).isNaN)
            }
            let none = [Float](repeating: -.infinity, count: count)
            #expect(level.table.token_weights(none, Int64(count), 0.7, &weights).isNaN)
        }
    }

    @Test(arguments: StepLevel.all) func readingHasASpeed(_ level: StepLevel) {
        #expect(level.table.measure_read(100_000, 0) > 0)
    }
}
