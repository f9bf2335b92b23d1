import TestSupport
import Testing

@testable import Recurrent

@Suite struct StateTests {
    private let stack = made { binder in
        Stack(
            LSTMCell(inputSize: 3, hiddenSize: 5, projectedSize: 2, &binder["lower"]),
            GRUCell(inputSize: 2, hiddenSize: 4, &binder["upper"]))
    }
    private let x = noise([3, 2, 3], 1, precision: .single)

    /// All parts of a deep network's state as one vector a sequence, and back.
    @Test func statesBecomeOneVectorAndBack() {
        let state = stack.unroll(x).state
        let (lower, upper) = state.layers
        let vector = state.concatenated()
        #expect(vector.shape == [2, 5 + 2 + 4])
        #expect(bits(vector) == bits(.concatenated([lower.c, lower.h, upper], axis: 1)))
        let back = Stack<LSTMCell, GRUCell>.State(concatenated: vector, like: stack.zeroState(batch: 2))
        #expect(back.tensors.map(bits) == state.tensors.map(bits))
        let any = AnyCell(stack)
        let hidden = AnyCell.State(concatenated: vector, like: any.zeroState(batch: 2))
        #expect(hidden.concatenated().values == vector.values)
        #expect(Tensor(concatenated: upper, like: upper).values == upper.values)
    }

    /// Layers of one kind, of different sizes.
    @Test func layersOfDifferentSizesKeepTheirFinalStates() {
        let cells = made { binder in
            StackedCells(
                [3, 6, 2].enumerated().map { layer, hidden in
                    LSTMCell(
                        inputSize: layer == 0 ? 3 : [3, 6, 2][layer - 1], hiddenSize: hidden, &binder["cell", layer])
                })
        }
        let state = cells.unroll(x).state
        #expect(state.concatenated().shape == [2, 2 * (3 + 6 + 2)])
        #expect(state.layers.map(\.h.shape) == [[2, 3], [2, 6], [2, 2]])
    }

    /// Gradients flow through both ways.
    @Test func gradientsFlowThroughConcatenatedStates() {
        let check = checkGradients(at: [noise([2, 5], 1), noise([2, 3], 2), noise([2, 4], 3)]) { inputs in
            let state = Bidirectional<LSTMCell, GRUCell>.State(
                forward: LSTMState(c: inputs[0], h: inputs[1]), backward: inputs[2])
            let back = Bidirectional<LSTMCell, GRUCell>.State(
                concatenated: state.concatenated() * 2, like: state)
            return weighted(back.forward.c, 1) + weighted(back.forward.h, 2) + weighted(back.backward, 3)
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    /// Hidden parts are all but an LSTM's cell state, in whatever they are wrapped.
    @Test func hiddenPartsAreAllButCellStates() {
        let wrapped = DroppedOut(AnyCell(stack), random: nil)
        let zeroed = wrapped.unroll(x).state.mapHidden { $0 * 0 }
        #expect(zeroed.tensors.map { $0.values.contains { $0 != 0 } } == [true, false, false])
        let cells = StackedCells([made { LSTMCell(inputSize: 3, hiddenSize: 3, &$0) }])
        let other = cells.unroll(x).state.mapHidden { $0 * 0 }
        #expect(other.tensors.map { $0.values.contains { $0 != 0 } } == [true, false])
    }

    /// A state of another batch would otherwise be broadcast: every sequence would go on from that of one.
    @Test(arguments: ["lstm", "gru", "rnn", "lstm-normalized", "gru-normalized"])
    func aStateOfAnotherBatchStopsTheProgram(_ kind: String) async {
        await #expect(processExitsWith: .failure) { [kind] in
            _ = Model(seed: 1) { binder in
                switch kind {
                case "lstm": stepWithOneState(LSTMCell(inputSize: 3, hiddenSize: 4, &binder))
                case "gru": stepWithOneState(GRUCell(inputSize: 3, hiddenSize: 4, &binder))
                case "lstm-normalized": stepWithOneState(LayerNormLSTMCell(inputSize: 3, hiddenSize: 4, &binder))
                case "gru-normalized": stepWithOneState(LayerNormGRUCell(inputSize: 3, hiddenSize: 4, &binder))
                default: stepWithOneState(BasicRNNCell(inputSize: 3, hiddenSize: 4, &binder))
                }
            }
        }
    }
}

/// A step of two sequences from the state of one.
private func stepWithOneState(_ cell: some RecurrentCell) {
    _ = cell.step(.zeros([2, 3]), state: cell.zeroState(batch: 1))
}
