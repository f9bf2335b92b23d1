import TestSupport
import Testing

@testable import Recurrent

// As a user of the library sees it: without @testable.
import Recurrent
import Testing

/// Sign-SGD: every parameter moves by the learning rate against its gradient's sign.
private struct SignSGD: Optimizer {
    var learningRate: Float
    var memory = OptimizerMemory()

    func move(_ update: ParameterUpdate) {
        for index in update.parameters.indices where update.gradients[index] != 0 {
            update.parameters[index] -= update.gradients[index] > 0 ? learningRate : -learningRate
        }
    }
}

/// SGD with momentum, as the library's own.
private struct OwnMomentum: Optimizer {
    var learningRate: Float
    var memory = OptimizerMemory()
    var slotNames: [String] { ["velocity"] }

    func move(_ update: ParameterUpdate) {
        let velocity = update.slot("velocity")
        for (index, gradient) in update.gradients.enumerated() {
            velocity[index] = 0.5 * velocity[index] + Float(update.scale) * gradient
            update.parameters[index] -= learningRate * velocity[index]
        }
    }
}

/// Notes where the memory of every update is.
private struct AddressRule: Optimizer {
    final class Addresses: @unchecked Sendable { var noted: [[UnsafeMutablePointer<Float>?]] = [] }
    var learningRate: Float = 0
    var memory = OptimizerMemory()
    let addresses = Addresses()
    var slotNames: [String] { ["first", "second"] }

    func move(_ update: ParameterUpdate) {
        addresses.noted.append(
            [update.parameters.baseAddress, update.slot("first").baseAddress, update.slot("second").baseAddress])
    }
}

/// Rules that are not the library's.
@Suite struct OwnOptimizerTests {
    /// A layer whose loss is linear: the gradient of a weight is the input.
    static let inputs = Tensor([[1, -2, 0, 0.5]])

    static func model() -> Model<Tensor> { Model(seed: 1) { binder in binder.weight("weight", [4, 1]) } }

    static func step(_ model: inout Model<Tensor>, _ optimizer: inout some Optimizer, bound: Float = 100) {
        model.train(with: &optimizer, clipping: .globalNorm(bound)) { weight in inputs.matmul(weight).sum() }
    }

    @Test func signSGDMovesByTheSign() {
        var model = Self.model()
        var optimizer = SignSGD(learningRate: 0.25)
        let start = model.parameters.values
        Self.step(&model, &optimizer)
        Self.step(&model, &optimizer)
        let moved = zip(model.parameters.values, start).map { $0 - $1 }
        let expected: [Float] = [-0.5, 0.5, 0, -0.5]
        #expect(zip(moved, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(optimizer.steps == 2 && optimizer.slots.isEmpty)
    }

    /// A rule with a slot does what the library's does, is scaled, restored, and copied.
    @Test func slotsAreKept() {
        var (own, library) = (OwnMomentum(learningRate: 0.1), SGD(learningRate: 0.1, momentum: 0.5))
        var (first, second) = (Self.model(), Self.model())
        for step in 0..<6 {
            Self.step(&first, &own, bound: 1)
            Self.step(&second, &library, bound: 1)
            #expect(zip(first.parameters.values, second.parameters.values).allSatisfy { abs($0 - $1) < 1e-6 })
            if step == 2 {
                let (slots, steps) = (own.slots, own.steps)
                own = OwnMomentum(learningRate: 0.1)
                own.restore(slots: slots, steps: steps)
            }
        }
        #expect(own.steps == 6)
        #expect(own.slots["velocity"]?.count == 4)
        let kept = own
        let slots = kept.slots
        Self.step(&first, &own)
        #expect(kept.slots == slots && own.slots != slots)
    }

    /// A rule that knows nothing of rows moves those that are looked up, with its own memory of each.
    @Test func rowsAreMovedLazily() {
        var (own, library) = (OwnMomentum(learningRate: 0.1), SGD(learningRate: 0.1, momentum: 0.5))
        func makeModel() -> Model<Embedding> {
            Model(seed: 1) { Embedding(tokens: 6, width: 3, updates: .lazy, &$0) }
        }
        var (first, second) = (makeModel(), makeModel())
        let start = first.parameters.values
        for ids in [[1, 4, 4], [2, 1, 1], [4, 2, 1]] {
            first.train(with: &own) { $0(IntegerTensor(ids)).squared().sum() }
            second.train(with: &library) { $0(IntegerTensor(ids)).squared().sum() }
        }
        let (found, expected) = (first.parameters.values, second.parameters.values)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        for row in 0..<6 {
            let isMoved = found[row * 3..<row * 3 + 3] != start[row * 3..<row * 3 + 3]
            #expect(isMoved == [1, 2, 4].contains(row), "row \(row)")
        }
        #expect(own.slots["velocity"]?.count == 18 && own.steps == 3)
    }

    /// Parameters and slots stay where they are from step to step, also behind `any Optimizer`.
    @Test func writesInPlace() {
        var model = Self.model()
        let rule = AddressRule()
        var optimizer: any Optimizer = rule
        for _ in 0..<3 { Self.step(&model, &optimizer) }
        #expect(rule.addresses.noted.count == 3)
        #expect(rule.addresses.noted.allSatisfy { $0 == rule.addresses.noted[0] })
        #expect(Set(rule.addresses.noted[0]).count == 3)
    }
}
