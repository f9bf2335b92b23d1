import Foundation
import Testing

@testable import Recurrent

@Suite struct SamplerTests {
    /// How often each token is drawn.
    private func frequencies(_ sampler: Sampler, _ logits: [Float], draws: Int = 20_000) throws -> [Double] {
        var random = RandomSource(seed: 1)
        var scratch = Sampler.Scratch()
        var counts = [Double](repeating: 0, count: logits.count)
        try logits.withUnsafeBufferPointer { logits in
            for _ in 0..<draws { counts[try sampler.draw(logits: logits, random: &random, scratch: &scratch)] += 1 }
        }
        return counts.map { $0 / Double(draws) }
    }

    private func expectClose(_ measured: [Double], _ wanted: [Double]) {
        for (value, expected) in zip(measured, wanted) {
            if expected == 0 { #expect(value == 0) } else { #expect(abs(value - expected) < 0.015) }
        }
    }

    /// Probabilities 0.1, 0.4, 0.2, 0.3.
    private let logits: [Float] = [1, 4, 2, 3].map { logf($0) + 5 }

    @Test func drawsFollowTheSoftmax() throws {
        expectClose(try frequencies(Sampler(), logits), [0.1, 0.4, 0.2, 0.3])
    }

    @Test func temperatureSharpens() throws {
        expectClose(try frequencies(Sampler(temperature: 0.5), logits), [1.0 / 30, 16.0 / 30, 4.0 / 30, 9.0 / 30])
        expectClose(try frequencies(Sampler(temperature: 1e-30), logits), [0, 1, 0, 0])
        expectClose(try frequencies(Sampler(temperature: .leastNonzeroMagnitude), logits), [0, 1, 0, 0])
        expectClose(try frequencies(Sampler(temperature: 1e30), logits), [0.25, 0.25, 0.25, 0.25])
    }

    @Test func greedyTakesTheFirstOfTheLargest() throws {
        var random = RandomSource(seed: 1)
        let sampler = try Sampler(temperature: 0)
        #expect(try sampler.draw(logits: [1, 3, 3, 2], random: &random) == 1)
        #expect(try sampler.draw(logits: [-.infinity, -2], random: &random) == 1)
        #expect(random == RandomSource(seed: 1))
    }

    @Test func topKKeepsTheMostLikely() throws {
        expectClose(try frequencies(Sampler(topK: 2), logits), [0, 4.0 / 7, 0, 3.0 / 7])
        expectClose(try frequencies(Sampler(topK: 1), [2, 2, 2]), [1, 0, 0])
        expectClose(try frequencies(Sampler(topK: 100), logits), [0.1, 0.4, 0.2, 0.3])
        expectClose(try frequencies(Sampler(topK: .max), [0, -.infinity]), [1, 0])
    }

    @Test func topPKeepsTheFewestThatReachIt() throws {
        expectClose(try frequencies(Sampler(topP: 0.65), logits), [0, 4.0 / 7, 0, 3.0 / 7])
        expectClose(try frequencies(Sampler(topP: 0.75), logits), [0, 4.0 / 9, 2.0 / 9, 3.0 / 9])
        expectClose(try frequencies(Sampler(topP: 1e-9), logits), [0, 1, 0, 0])
        expectClose(try frequencies(Sampler(topP: 1), logits), [0.1, 0.4, 0.2, 0.3])
    }

    @Test func topPIsAShareOfWhatTopKLeaves() throws {
        // Of 4/9, 3/9 and 2/9 the first two reach 0.75; of all four they would not.
        expectClose(try frequencies(Sampler(topK: 3, topP: 0.75), logits), [0, 4.0 / 7, 0, 3.0 / 7])
    }

    @Test func selectionIsADescendingSort() {
        var random = RandomSource(seed: 3)
        for count in [1, 2, 3, 10, 257] {
            let weights = random.uniform(count: count).map { ($0 * 20).rounded() }
            var order = (0..<count).map { Int32($0) }
            let sorted = (0..<count).sorted { (-weights[$0], $0) < (-weights[$1], $1) }
            let selected = order.withUnsafeMutableBufferPointer { order in
                weights.withUnsafeBufferPointer { weights in
                    var selection = DescendingSelection(order: order, weights: weights)
                    while selection.selectNext() != nil {}
                    return (0..<selection.selectedCount).map { selection.selected($0) }
                }
            }
            #expect(selected == sorted)
        }
    }

    @Test(arguments: [[], [.nan], [0, .nan, 1], [0, .infinity], [-.infinity, -.infinity]] as [[Float]])
    func unusableLogitsAreReported(logits: [Float]) throws {
        var random = RandomSource(seed: 1)
        for temperature: Float in [0, 1] {
            let sampler = try Sampler(temperature: temperature, topK: 3)
            #expect(throws: RecurrentError.self) { try sampler.draw(logits: logits, random: &random) }
        }
    }

    @Test func optionsOutOfRangeAreRefused() {
        for temperature: Float in [-1, .nan, .infinity] {
            #expect(throws: RecurrentError.self) { try Sampler(temperature: temperature) }
        }
        for topK in [0, -1, .min] { #expect(throws: RecurrentError.self) { try Sampler(topK: topK) } }
        for topP: Float in [0, -0.1, 1.1, .nan] { #expect(throws: RecurrentError.self) { try Sampler(topP: topP) } }
    }

    @Test func extremeLogitsGiveADraw() throws {
        var random = RandomSource(seed: 1)
        let extreme: [Float] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0]
        #expect(try Sampler(temperature: 0.1, topP: 0.5).draw(logits: extreme, random: &random) == 0)
    }
}
