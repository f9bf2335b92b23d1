import TestSupport
import Testing

@testable import Recurrent

@Suite struct DropoutTests {
    struct Network {
        let weight: Tensor
        let dropout, second: Dropout
        init(_ binder: inout Binder) {
            weight = binder.weight("weight", [1], initializer: .ones)
            dropout = Dropout(probability: 0.5, &binder)
            second = Dropout(probability: 0.5, &binder)
        }
    }

    /// Dropout acts in training only, with another mask in every step and every layer.
    @Test func masksAreNewInEveryStepAndAbsentOutside() {
        let x = Tensor.ones([200])
        var model = Model(seed: 5) { Network(&$0) }
        #expect(model.evaluate { $0.dropout(x).values } == x.values)
        func masks() -> [[Float]] {
            model.gradients { (($0.weight * 1).sum(), [$0.dropout(x).values, $0.second(x).values]) }.other
        }
        let all = (0..<3).flatMap { _ in masks() }
        #expect(Set(all).count == 6)
        #expect(model.evaluate { $0.dropout(x).values } == x.values)

        var again = Model(seed: 5) { Network(&$0) }
        let first = again.gradients { (($0.weight * 1).sum(), $0.dropout(x).values) }.other
        #expect(first == all[0], "the same seed gives the same masks")
        again.random = model.random
        #expect(again.gradients { (($0.weight * 1).sum(), $0.dropout(x).values) }.other == masks()[0])
    }

    @Test(arguments: [Float(0), 0.1, 0.5, 0.9])
    func keepsTheExpectationAndThePart(_ probability: Float) {
        let dropped = Dropout(probability: probability, random: RandomSource(seed: 1))(.ones([200, 500])).values
        let scale = 1 / (1 - probability)
        #expect(dropped.allSatisfy { $0 == 0 || $0 == scale })
        let part = Float(dropped.count { $0 == 0 }) / 100_000
        #expect(abs(part - probability) < 0.006)
        #expect(abs(dropped.reduce(0, +) / 100_000 - 1) < 0.02 * scale)
    }

    /// The gradient passes where elements do, with the same scale.
    @Test func theGradientHasTheSameMask() {
        let x = noise([3, 40], 1, precision: .single).tracked()
        let dropout = Dropout(probability: 0.3, random: RandomSource(seed: 2))
        let found = gradients(of: dropout(x).sum(), withRespectTo: [x])[0]
        #expect(found.values == dropout(.ones([3, 40])).values)
    }

    @Test func doesNothingWithoutASource() {
        let x = noise([5], 1, precision: .single)
        #expect(Dropout(probability: 0.9, random: nil)(x).values == x.values)
    }
}
