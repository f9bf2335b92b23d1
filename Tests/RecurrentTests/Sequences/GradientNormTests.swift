import TestSupport
import Testing

@testable import Recurrent

@Suite struct GradientNormTests {
    private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// A loss of some outputs and of the final state.
    private static func loss(_ outputs: Tensor, _ state: [Tensor]) -> Tensor {
        state.reduce(weighted(outputs.squared(), 3)) { $0 + weighted($1, 4) }
    }

    /// Against central differences: the hidden state after a step is moved, and all that follows is computed again.
    @Test(arguments: TestCell.all.filter { $0.gradientClip == nil && $0.cellClip == nil })
    func hiddenNormsAgreeWithNumericalOnes(_ kind: TestCell) {
        let tensors = kind.tensors(TestCell.Size(time: 5, batch: 2), initialState: false)
        let (cell, x) = (kind.any(tensors), tensors["x"]!)
        let norms = cell.gradientNorms(over: x) { Self.loss($0.outputs, $0.state.tensors) }
        #expect(norms.hidden.count == 5 && norms.inputs.count == 5)
        for t in 0..<5 {
            let before = cell.unroll(x.slice(0..<t + 1))
            let hidden = before.state.tensors.last!
            func value(_ element: Int, _ shift: Double) -> Double {
                var values = hidden.doubles
                values[element] += shift
                let moved = Tensor(values, shape: hidden.shape)
                let state = before.state.mapHidden { _ in moved }
                var outputs = [before.outputs.slice(0..<t), moved.reshaped([1] + moved.shape)]
                var last = state.tensors
                if t < 4 {
                    let rest = cell.unroll(x.slice(t + 1..<5), from: state)
                    outputs.append(rest.outputs)
                    last = rest.state.tensors
                }
                return Self.loss(.concatenated(outputs), last).doubles[0]
            }
            let numerical = (0..<hidden.count).map { (value($0, 1e-5) - value($0, -1e-5)) / 2e-5 }
            #expect(abs(norms.hidden[t] - Self.norm(numerical)) < 1e-6, "step \(t)")
        }
    }

    /// The inputs' norms are those of the fused layer's gradient, and padding adds nothing.
    @Test(arguments: SequencePropertyTests.directions)
    func inputNormsAreThoseOfTheFusedLayer(_ direction: Direction) {
        let cell = made { LSTMCell(inputSize: 3, hiddenSize: 4, &$0) }
        let x = noise([5, 2, 3], 2, precision: .single)
        let norms = cell.gradientNorms(over: x, lengths: [3, 1], direction: direction) { $0.state.h.sum() }
        let tracked = x.tracked()
        let state = cell.unroll(tracked, lengths: [3, 1], direction: direction).state
        let gradient = gradients(of: state.h.sum(), withRespectTo: [tracked])[0]
        for t in 0..<5 { #expect(abs(norms.inputs[t] - Self.norm(gradient[t].doubles)) < 1e-5) }
        #expect(norms.hidden[3...].allSatisfy { $0 == 0 } && norms.hidden[..<3].allSatisfy { $0 > 0 })
    }

    /// Le, Jaitly and Hinton 2015: at its start a ReLU network with the identity as recurrent weight adds up its
    /// inputs, and passes gradients back unchanged, where a tanh network's vanish.
    @Test func anIdentityReLUNetworkKeepsGradients() {
        let positive = Initializer.uniform(from: 0, to: 0.1)
        let irnn = made {
            BasicRNNCell(
                inputSize: 2, hiddenSize: 5, activation: .relu, inputInitializer: positive,
                recurrentInitializer: .identity(), &$0)
        }
        let x = noise([60, 3, 2], 4, precision: .single).magnitude
        let sums = x.sum(along: [0]).matmul(irnn.inputWeight)
        #expect(difference(irnn.unroll(x).state, sums) < 1e-5)
        let kept = irnn.gradientNorms(over: x) { $0.state.sum() }.hidden
        #expect(kept.allSatisfy { abs($0 - Double(15).squareRoot()) < 1e-5 })

        let plain = made { BasicRNNCell(inputSize: 2, hiddenSize: 5, &$0) }
        let vanishing = plain.gradientNorms(over: x) { $0.state.sum() }.hidden
        #expect(vanishing[0] < 1e-3 * vanishing[59])
        let halved = made {
            BasicRNNCell(
                inputSize: 2, hiddenSize: 5, activation: .relu, inputInitializer: positive,
                recurrentInitializer: .identity(gain: 0.5), &$0)
        }
        let halving = halved.gradientNorms(over: x) { $0.state.sum() }.hidden
        #expect(abs(halving[49] * 1024 - halving[59]) < 1e-3)
    }

    /// A stack's norm is over the hidden states of all layers.
    @Test func aStacksNormsAreOverAllLayers() {
        let stack = made { binder in
            Stack(
                GRUCell(inputSize: 3, hiddenSize: 4, &binder["lower"]),
                LSTMCell(inputSize: 4, hiddenSize: 2, &binder["upper"]))
        }
        let x = noise([3, 2, 3], 2, precision: .single)
        let norms = stack.gradientNorms(over: x) { $0.outputs.sum() }
        let last = stack.gradientNorms(over: x) { $0.outputs[2].sum() }.hidden[2]
        #expect(norms.hidden.allSatisfy { $0 > 0 })
        // After the last step only the upper layer's outputs and what they came from in the same step are left.
        #expect(last > Double(4).squareRoot())
    }
}
