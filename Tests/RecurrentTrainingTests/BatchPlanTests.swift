import Testing

@testable import Recurrent
@testable import RecurrentTraining

@Suite struct BatchPlanTests {
    @Test func batchesAreThoseOfTheOrder() throws {
        let lengths = (0..<103).map { Double($0 * 37 % 50) }
        var plan = try BatchPlan(lengths: lengths, batchSize: 10, groupedBatches: 4)
        let random = RandomSource(seed: 3)
        plan.draw(random)
        var drawn = random
        let expected = try BatchOrder(batchSize: 10, groupedBatches: 4).batches(lengths: lengths, random: &drawn)
        #expect(plan.stepsPerEpoch == 11 && plan.batchSize == 10)
        #expect((0..<11).map { plan[$0] } == expected)
    }

    @Test func aRemainderMayBeLeftOut() throws {
        var plan = try BatchPlan(count: 25, batchSize: 10, remainder: .leftOut)
        #expect(plan.stepsPerEpoch == 2)
        plan.draw(RandomSource(seed: 1))
        #expect((0..<2).allSatisfy { plan[$0].count == 10 })
        #expect(try BatchPlan(count: 30, batchSize: 10).stepsPerEpoch == 3)
        let few = try BatchPlan(count: 3, batchSize: 10)
        #expect(few.stepsPerEpoch == 1 && few.batchSize == 3)
    }

    @Test func theSmallerBatchIsTheOneLeftOut() throws {
        var plan = try BatchPlan(lengths: Array(0..<25), batchSize: 10, groupedBatches: 2, remainder: .leftOut)
        for seed in 1...8 {
            plan.draw(RandomSource(seed: UInt64(seed)))
            #expect((0..<plan.stepsPerEpoch).allSatisfy { plan[$0].count == 10 })
        }
    }

    @Test func examplesThatMakeNoBatchAreRefused() {
        #expect(throws: RecurrentError.self) { try BatchPlan(count: 0, batchSize: 10) }
        #expect(throws: RecurrentError.self) { try BatchPlan(count: 9, batchSize: 10, remainder: .leftOut) }
    }

    @Test func aBatchIsSharedWithoutGapsAndOverlaps() throws {
        var plan = try BatchPlan(count: 10, batchSize: 7)
        plan.draw(RandomSource(seed: 1))
        for parts in 1...9 {
            let shares = (0..<parts).map { plan.places(0, part: $0, of: parts) }
            #expect(shares.flatMap { $0 } == plan[0])
            #expect(shares.map(\.count).max()! - shares.map(\.count).min()! <= 1)
        }
    }

    @Test func partsOfLikeLengthsHoldEveryExample() {
        #expect(ExampleParts.inOrder(7, size: 3) == [0..<3, 3..<6, 6..<7])
        #expect(ExampleParts.inOrder(0, size: 3).isEmpty)
        #expect(ExampleParts.ofLikeLengths([5, 1, 5, 3], size: 2) == [[1, 3], [0, 2]])
    }

    @Test func meansAreOverAllLossesOfAllParts() {
        #expect(Evaluation.meanLoss(over: [(6.0, 3), (2.0, 1)]) { (sum: $0.0, count: $0.1) } == 2)
        #expect(Evaluation.meanLoss(over: [Int]()) { _ in (sum: 1, count: 1) } == 0)
    }
}
