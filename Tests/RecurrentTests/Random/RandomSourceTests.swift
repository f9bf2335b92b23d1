import Foundation
import Testing

@testable import Recurrent

@Suite struct RandomSourceTests {
    @Test func knownAnswersOfThePhiloxAuthors() {
        #expect(
            Philox.block(counter: .zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox.block(
                counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0)
            )
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func wordsComeInTheOrderOfTheCounter() {
        var source = RandomSource(seed: 0)
        #expect((0..<4).map { _ in source.next() } == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(source.group == 1 && source.word == 0)
    }

    @Test func firstRowOfTheNotesTwoStepTable() {
        var inputStream = RandomSource(seed: 42, operation: 5)
        let inputWeight = inputStream.normal(count: 15)
        var stateStream = inputStream.stream(14)
        let stateWeight = stateStream.normal(count: 25)
        func product(_ row: [Float], _ matrix: [Float]) -> [Float] {
            (0..<5).map { column in row.indices.reduce(0) { $0 + row[$1] * matrix[$1 * 5 + column] } }
        }
        let y0 = product([0, 1, 2], inputWeight).map { tanhf($0) }
        let expected: [Float] = [-0.0664006, 0.96257669, 0.68105787, 0.70918542, -0.89821595]
        for (value, wanted) in zip(y0, expected) { #expect(abs(value - wanted) < 1e-6) }

        // Row 1 (t = 0: [3, 4, 5], t = 1: [0, 0, 0]) also needs the second matrix.
        let state = product([3, 4, 5], inputWeight).map { tanhf($0) }
        let y1 = product(state, stateWeight).map { tanhf($0) }
        let expectedNext: [Float] = [-0.12210433, 0.62805319, 0.96718419, -0.99371207, -0.25839335]
        for (value, wanted) in zip(y1, expectedNext) { #expect(abs(value - wanted) < 1e-6) }
    }

    @Test func fillsConsumeWholeGroups() {
        var source = RandomSource(seed: 7)
        _ = source.next()
        let five = source.uniform(count: 5)
        #expect(source.group == 3 && source.word == 0)
        var fresh = RandomSource(seed: 7)
        let all = fresh.uniform(count: 12)
        #expect(Array(all[4..<9]) == five)
        #expect(source.uniform(count: 0) == [])
        #expect(source.group == 3)
    }

    @Test func uniformStaysInItsRange() {
        var source = RandomSource(seed: 1)
        let values = source.uniform(count: 10_000, from: -2, to: 3)
        #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
        let mean = values.reduce(0, +) / 10_000
        #expect(abs(mean - 0.5) < 0.06)
    }

    @Test func normalHasItsMoments() {
        var source = RandomSource(seed: 2)
        let values = source.normal(count: 40_000, mean: 3, standardDeviation: 2)
        let mean = values.reduce(0) { $0 + Double($1) } / 40_000
        let variance = values.reduce(0) { $0 + pow(Double($1) - mean, 2) } / 40_000
        #expect(abs(mean - 3) < 0.05)
        #expect(abs(variance - 4) < 0.12)
    }

    @Test func truncatedNormalReservesItsGroups() {
        var source = RandomSource(seed: 3)
        let values = source.truncatedNormal(count: 4_001, mean: 1, standardDeviation: 0.5)
        #expect(values.count == 4_001)
        #expect(values.allSatisfy { abs($0 - 1) <= 1 })
        #expect(source.group == 256 * 1001)
        // The first pair of words is an accepted pair for most seeds: then it begins as the normal stream does.
        var normal = RandomSource(seed: 3)
        let first = normal.normal(count: 2)
        #expect(abs(first[0]) < 2)
        #expect(values[0] == first[0] * 0.5 + 1)
    }

    @Test func bernoulliFollowsTheProbability() {
        var source = RandomSource(seed: 4)
        let share = Double(source.bernoulli(count: 20_000, probability: 0.3).count { $0 }) / 20_000
        #expect(abs(share - 0.3) < 0.015)
        #expect(source.bernoulli(count: 100, probability: 0).allSatisfy { !$0 })
        #expect(source.bernoulli(count: 100, probability: 1).allSatisfy { $0 })
    }

    @Test func categoricalFollowsTheWeights() throws {
        var source = RandomSource(seed: 5)
        var counts = [0, 0, 0, 0]
        for _ in 0..<10_000 { counts[try source.categorical(weights: [0, 2, 6, 0])] += 1 }
        #expect(counts[0] == 0 && counts[3] == 0)
        #expect(abs(counts[1] - 2_500) < 200)
    }

    @Test(arguments: [[], [0, 0], [1, -1], [1, .nan], [1, .infinity]] as [[Float]])
    func categoricalRefusesBadWeights(weights: [Float]) {
        var source = RandomSource(seed: 5)
        #expect(throws: RecurrentError.self) { try source.categorical(weights: weights) }
    }

    @Test func permutationHoldsEveryNumberAndMoves() {
        var source = RandomSource(seed: 6)
        let order = source.permutation(1_000)
        #expect(order.sorted() == Array(0..<1_000))
        #expect(order != Array(0..<1_000))
        #expect(source.permutation(1_000) != order)
        #expect(source.permutation(0) == [] && source.permutation(1) == [0] && source.permutation(-3) == [])
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<6_000 {
            let three = source.permutation(3)
            counts[three[0] * 2 + (three[1] > three[2] ? 1 : 0)] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 1_000) < 150 })
    }

    @Test func stateIsSavedAndRestored() throws {
        var source = RandomSource(seed: .max, operation: 0x0123_4567_89ab_cdef)
        _ = source.uniform(count: 9)
        _ = source.next()
        let text = try JSONEncoder().encode([source])
        var restored = try JSONDecoder().decode([RandomSource].self, from: text)[0]
        #expect(restored == source)
        #expect(restored.next() == source.next())
        #expect(source.state == "philox4x32-10:ffffffffffffffff:0123456789abcdef:0000000000000003:2")
    }

    @Test(arguments: [
        "", "philox4x32-10", "philox4x32-10:0:0:0:0", "mt:0000000000000000:0000000000000000:0000000000000000:0",
        "philox4x32-10:0000000000000000:0000000000000000:0000000000000000:4",
        "philox4x32-10:0000000000000000:0000000000000000:0000000000000000:",
        "philox4x32-10:+000000000000000:0000000000000000:0000000000000000:0",
        "philox4x32-10:0000000000000000:0000000000000000:0000000000000000:0:0",
    ])
    func damagedStatesAreRefused(text: String) {
        #expect(throws: RecurrentError.self) { try RandomSource(state: text) }
    }
}
