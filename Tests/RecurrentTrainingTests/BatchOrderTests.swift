import Testing

@testable import Recurrent
@testable import RecurrentTraining

@Suite struct BatchOrderTests {
    @Test func everyExampleStandsInOneBatch() throws {
        let lengths = (0..<103).map { $0 * 37 % 50 }
        var padding: [Int] = []
        for grouped in [1, 4, 1000, .max] {
            var random = RandomSource(seed: 3)
            let order = try BatchOrder(batchSize: 10, groupedBatches: grouped)
            let batches = order.batches(lengths: lengths, random: &random)
            #expect(batches.flatMap { $0 }.sorted() == Array(0..<103))
            #expect(batches.count == 11 && batches.allSatisfy { $0.count == 10 || $0.count == 3 })
            padding.append(
                batches.reduce(0) { sum, batch in
                    let longest = batch.map { lengths[$0] }.max() ?? 0
                    return sum + batch.reduce(0) { $0 + longest - lengths[$1] }
                })
            let share = Double(padding.last ?? 0) / Double((padding.last ?? 0) + lengths.reduce(0, +))
            #expect(abs(BatchOrder.paddingShare(of: batches, lengths: lengths) - share) < 1e-12)
            var again = RandomSource(seed: 3)
            #expect(order.batches(lengths: lengths, random: &again) == batches)
            #expect(order.batches(lengths: lengths, random: &again) != batches)
        }
        #expect(padding[1] < padding[0] / 2 && padding[2] < padding[1] && padding[3] == padding[2])
    }

    @Test func stepsPastTheEndsAreCounted() {
        #expect(BatchOrder.paddingShare(of: [[0, 1], [2]], lengths: [3, 1, 4]) == 0.2)
        #expect(BatchOrder.paddingShare(of: [], lengths: []) == 0)
        #expect(BatchOrder.paddingShare(of: [[0]], lengths: [0]) == 0)
    }

    @Test func noExamplesAndAbsurdSizes() throws {
        var random = RandomSource(seed: 1)
        #expect(try BatchOrder(batchSize: .max, groupedBatches: 2).batches(lengths: [Int](), random: &random).isEmpty)
        #expect(try BatchOrder(batchSize: .max).batches(lengths: [1, 2], random: &random).count == 1)
        for (size, grouped) in [(0, 1), (1, 0), (-1, 1)] {
            #expect(throws: RecurrentError.self) { try BatchOrder(batchSize: size, groupedBatches: grouped) }
        }
    }
}
