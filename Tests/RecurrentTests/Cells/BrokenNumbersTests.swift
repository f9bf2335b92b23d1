import Testing

@testable import Recurrent

/// A run that breaks must be seen to break, and states may be shared.
struct BrokenNumbersTests {
    /// NaN in the inputs reaches the outputs of fused layers through every bound on their values.
    @Test func notANumberPassesThroughFusedLayers() {
        let inputs = Tensor([.nan, 0, 0, 1], shape: [2, 1, 2])
        func check(_ outputs: Tensor) { #expect(!outputs.values.contains { !$0.isNaN }) }
        Model(seed: 1) { BasicRNNCell(inputSize: 2, hiddenSize: 3, activation: .relu, &$0) }
            .evaluate { check($0.unroll(inputs).outputs) }
        Model(seed: 1) { LSTMCell(inputSize: 2, hiddenSize: 3, cellClip: 0.5, &$0) }
            .evaluate { check($0.unroll(inputs).outputs) }
    }

    /// A clipped gradient that is not a number stays one.
    @Test func notANumberPassesThroughGradientClipping() {
        var model = Model(seed: 1) { LSTMCell(inputSize: 2, hiddenSize: 3, gradientClip: 0.1, &$0) }
        let inputs = Tensor([1, 2], shape: [1, 1, 2])
        let found = model.gradients { cell in
            (loss: (cell.unroll(inputs).outputs * Tensor(.nan)).sum(), other: ())
        }
        #expect(found.gradients.globalNorm.isNaN)
    }

    /// One learned state that two layers begin from, as c and as h, gets the gradients of all its uses.
    @Test func sharedInitialStateGathersItsGradients() {
        struct Network {
            let cell: LSTMCell
            let start: Tensor
            init(_ binder: inout Binder) {
                cell = LSTMCell(inputSize: 2, hiddenSize: 3, &binder["cell"])
                start = binder.weight("start", [1, 3], initializer: .normal(standardDeviation: 1))
            }
        }
        func gradient(_ unroll: (LSTMCell, Tensor, LSTMState) -> Unrolled<LSTMState>) -> [Float] {
            var model = Model(seed: 2) { Network(&$0) }
            let inputs = Tensor([1, -1, 0.5, 2], shape: [2, 1, 2])
            let found = model.gradients { network in
                let state = LSTMState(c: network.start, h: network.start)
                let first = unroll(network.cell, inputs, state)
                let second = unroll(network.cell, inputs * 2, state)
                return (loss: (first.outputs + second.outputs).sum(), other: ())
            }
            return found.gradients["start"]?.values ?? []
        }
        let fused = gradient { $0.unroll($1, from: $2) }
        let stepwise = gradient { $0.unrollStepwise($1, initialState: $2) }
        #expect(fused.count == 3)
        for (a, b) in zip(fused, stepwise) { #expect(abs(a - b) < 1e-5) }
    }
}
