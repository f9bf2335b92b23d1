import Foundation
import Testing

@testable import Recurrent

/// Optimisers as PyTorch and Keras compute them, from `Fixtures/make_optimizers.py`, and clipping.
@Suite struct OptimizerTests {
    struct Content: Decodable {
        struct Case: Decodable {
            struct Options: Decodable {
                let optimizer: String
                let learningRate: Float
                let momentum: Float?
                let nesterov: Bool?
                let beta1, beta2, epsilon: Float?
                let epsilonAfterCorrection: Bool?
            }
            let name: String
            let options: Options
            let parameters: [[Double]]

            /// Nil for Keras's form of Adam, which this project does not have.
            var optimizer: (any Optimizer)? {
                let o = options
                if o.optimizer == "sgd" {
                    return SGD(learningRate: o.learningRate, momentum: o.momentum!, nesterov: o.nesterov!)
                }
                guard o.epsilonAfterCorrection == true else { return nil }
                return Adam(learningRate: o.learningRate, beta1: o.beta1!, beta2: o.beta2!, epsilon: o.epsilon!)
            }
        }
        let start: [Double]
        let gradients: [[Double]]
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

    @Test func stepsAreThoseOfPyTorch() throws {
        let content: Content = try Fixture.decode("optimizers")
        var followed = 0
        for fixture in content.cases {
            guard var optimizer = fixture.optimizer else { continue }
            followed += 1
            var parameters = Self.parameters(content.start.map { Float($0) })
            for (step, gradient) in content.gradients.enumerated() {
                optimizer.update(
                    &parameters, gradients: Self.gradients(gradient.map { Float($0) }, of: parameters), scale: 1)
                #expect(
                    difference(parameters.values.map(Double.init), fixture.parameters[step]) < 1e-6,
                    "\(fixture.name), step \(step + 1)")
            }
            #expect(optimizer.steps == content.gradients.count)
        }
        #expect(followed == 5)
    }

    /// Saved and restored in the middle, an optimiser goes on to the same bits; `scale` multiplies the gradients.
    @Test(
        arguments: [
            SGD(learningRate: 0.1), SGD(learningRate: 0.1, momentum: 0.9),
            SGD(learningRate: 0.1, momentum: 0.9, nesterov: true), Adam(learningRate: 0.1),
        ] as [any Optimizer])
    func restoringContinuesToTheSameBits(_ made: any Optimizer) {
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
