import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Optimisers as PyTorch, Keras and Graves compute them, from `Fixtures/make_optimizers.py`, and clipping.
@Suite struct OptimizerTests {
    struct Content: Decodable {
        struct Case: Decodable {
            struct Options: Decodable {
                let optimizer: String
                let learningRate: Float
                let momentum, decay, momentumDecay, weightDecay: Float?
                let nesterov, isCentered: Bool?
                let beta1, beta2, epsilon: Float?
                let epsilonAfterCorrection, epsilonIsInside: Bool?
            }
            let name: String
            let options: Options
            let parameters: [[Double]]

            func optimizer() throws -> any Optimizer {
                let o = options
                let place: EpsilonPlace = o.epsilonIsInside == true ? .insideRoot : .afterRoot
                switch o.optimizer {
                case "sgd": return SGD(learningRate: o.learningRate, momentum: o.momentum!, isNesterov: o.nesterov!)
                case "adagrad": return Adagrad(learningRate: o.learningRate, epsilon: o.epsilon!, epsilonPlace: place)
                case "rmsprop":
                    return RMSProp(
                        learningRate: o.learningRate, decay: o.decay!, momentum: o.momentum!, isCentered: o.isCentered!,
                        epsilon: o.epsilon!, epsilonPlace: place)
                case "graves": return RMSProp.graves(learningRate: o.learningRate)
                case "adadelta": return Adadelta(learningRate: o.learningRate, decay: o.decay!, epsilon: o.epsilon!)
                case "adam":
                    return Adam(
                        learningRate: o.learningRate, beta1: o.beta1!, beta2: o.beta2!, epsilon: o.epsilon!,
                        epsilonPlace: o.epsilonAfterCorrection! ? .afterCorrection : .beforeCorrection,
                        weightDecay: o.weightDecay!)
                case "nadam":
                    return Nadam(
                        learningRate: o.learningRate, beta1: o.beta1!, beta2: o.beta2!, epsilon: o.epsilon!,
                        momentumDecay: o.momentumDecay!)
                default: throw RecurrentError("the fixture has an optimiser \(o.optimizer)")
                }
            }
        }
        let start: [Double]
        let gradients: [[Double]]
        let every: Int
        let cases: [Case]
    }

    static func parameters(_ values: [Float], names: [(String, Int)]? = nil) -> Parameters {
        var layout = ParameterLayout()
        for (name, count) in names ?? [("weight", values.count)] {
            layout.entries.append(.init(name: name, shape: [count], offset: layout.count))
        }
        return Parameters(layout: layout, values: values)
    }

    static func gradients(_ values: [Float], of parameters: Parameters) -> ParameterGradients {
        ParameterGradients(layout: parameters.layout, storage: Tensor(values, shape: [values.count]).storage)
    }

    @Test func stepsAreThoseOfPyTorchAndKeras() throws {
        let content: Content = try Fixture.decode("optimizers")
        #expect(content.gradients.count == 100 && content.cases.count == 21)
        for fixture in content.cases {
            var optimizer = try fixture.optimizer()
            var parameters = Self.parameters(content.start.map { Float($0) })
            for (index, gradient) in content.gradients.enumerated() {
                optimizer.update(
                    &parameters, gradients: Self.gradients(gradient.map { Float($0) }, of: parameters), scale: 1)
                guard (index + 1) % content.every == 0 else { continue }
                let expected = fixture.parameters[(index + 1) / content.every - 1]
                let apart = difference(parameters.values.map(Double.init), expected)
                #expect(apart < 3e-6, "\(fixture.name), step \(index + 1)")
            }
            #expect(optimizer.steps == content.gradients.count)
        }
    }

    /// Saved and restored in the middle, an optimiser goes on to the same bits; `scale` multiplies the gradients.
    @Test(arguments: OptimizerChoice.allCases)
    func restoringContinuesToTheSameBits(_ choice: OptimizerChoice) {
        let made = choice.make(learningRate: 0.1)
        let start = noise([37], 1, precision: .single).values
        func step(_ optimizer: inout any Optimizer, _ parameters: inout Parameters, _ index: Int, doubled: Bool) {
            let gradient = noise([37], 10 + UInt64(index), precision: .single).values
            optimizer.update(
                &parameters,
                gradients: Self.gradients(doubled ? gradient.map { $0 * 2 } : gradient, of: parameters),
                scale: doubled ? 0.5 : 1)
        }
        var straight = made
        var first = Self.parameters(start)
        for index in 0..<6 { step(&straight, &first, index, doubled: false) }
        var before = made
        var second = Self.parameters(start)
        for index in 0..<3 { step(&before, &second, index, doubled: true) }
        var after = made
        after.restore(slots: before.slots, steps: before.steps)
        for index in 3..<6 { step(&after, &second, index, doubled: true) }
        #expect(first.values == second.values)
        #expect(after.steps == 6)
        #expect(Set(after.slots.keys) == Set(straight.slots.keys))
    }

    /// A copy of an optimiser keeps its own slots.
    @Test func copiesOfAnOptimizerAreIndependent() {
        var first = Adam(learningRate: 0.1)
        var parameters = Self.parameters([1, 2])
        let gradients = Self.gradients([1, -1], of: parameters)
        first.update(&parameters, gradients: gradients, scale: 1)
        let kept = first
        let slots = kept.slots
        first.update(&parameters, gradients: gradients, scale: 1)
        #expect(kept.slots == slots)
        #expect(first.slots != slots)
        #expect(kept.steps == 1)
    }

    /// A rule takes up the slots that it keeps and no others.
    @Test func slotsOfOtherRulesAreLeft() {
        var plain = SGD(learningRate: 0.1)
        plain.restore(slots: ["velocity": [1, 2]], steps: 3)
        #expect(plain.slots.isEmpty && plain.steps == 3)
        var adam = Adam()
        adam.restore(slots: ["velocity": [1, 2], "firstMoment": [3, 4]], steps: 3)
        #expect(adam.slots == ["firstMoment": [3, 4]])
    }

    /// Names are what the command line and configuration files have.
    @Test func choicesHaveNames() throws {
        let names = [
            "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "rmsprop-centered", "rmsprop-graves", "adadelta",
            "adam",
            "adamw", "nadam",
        ]
        #expect(OptimizerChoice.allCases.map { $0.rawValue } == names)
        let read = try JSONDecoder().decode([OptimizerChoice].self, from: JSONEncoder().encode(names))
        #expect(read == OptimizerChoice.allCases)
        #expect(read.allSatisfy { $0.make(learningRate: 0.25).learningRate == 0.25 })
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([OptimizerChoice].self, from: Data("[\"adma\"]".utf8))
        }
    }

    @Test func clippingFollowsItsFormulas() {
        let values: [Float] = [3, -4, 0.5, 0, -0.25, 12]
        let parameters = Self.parameters(values, names: [("a", 2), ("b", 3), ("c", 1)])
        func clipped(_ clipping: GradientClipping) -> [Double] {
            let gradients = Self.gradients(values, of: parameters)
            let scale = clipping.apply(to: gradients, globalNorm: gradients.globalNorm)
            return gradients.values.map { Double($0) * scale }
        }
        let exact = values.map(Double.init)
        let norm = exact.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(Self.gradients(values, of: parameters).globalNorm - norm) < 1e-12)
        #expect(clipped(.none) == exact)
        #expect(clipped(.globalNorm(100)) == exact)
        #expect(difference(clipped(.globalNorm(2)), exact.map { $0 * 2 / (norm + 1e-6) }) < 1e-6)
        #expect(clipped(.value(1)) == [1, -1, 0.5, 0, -0.25, 1])
        let b = (0.25 + 0.0625).squareRoot()
        let perParameter = [3 / 5, -4 / 5, 0.5 / max(1, b), 0, -0.25 / max(1, b), 1].map { $0 * 1.0 }
        #expect(difference(clipped(.norm(1)), perParameter) < 1e-6)
        #expect(clipped(.norm(100)) == exact)
    }
}
