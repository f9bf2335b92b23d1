import Testing

@testable import Recurrent

/// What a model says of its recurrent layers' parameters.
@Suite struct CellDescriptionTests {
    @Test func everyCellIsDescribedOnce() throws {
        var model = Model(seed: 1) { binder in
            (
                LSTMCell(inputSize: 2, hiddenSize: 3, forgetBias: 0.5, &binder["a", 0]),
                LSTMCell(
                    inputSize: 2, hiddenSize: 3, usesPeepholes: true, projectedSize: 2, cellClip: 9, &binder["a", 1]),
                GRUCell(inputSize: 2, hiddenSize: 3, &binder["b"]),
                GRUCell(inputSize: 2, hiddenSize: 3, resetsAfterProduct: false, &binder["c"]),
                BasicRNNCell(inputSize: 2, hiddenSize: 3, activation: .relu, &binder["d"]),
                LayerNormLSTMCell(inputSize: 2, hiddenSize: 3, &binder["e"]),
                LayerNormGRUCell(inputSize: 2, hiddenSize: 3, &binder["f"])
            )
        }
        let cells = model.cells
        #expect(cells.map(\.name) == ["a.0", "a.1", "b", "c", "d", "e", "f"])
        #expect(cells.map(\.forgetBias) == [0.5, 1, nil, nil, nil, 1, nil])
        #expect(cells.map { $0.gates.joined() } == ["ifgo", "ifgo", "rzn", "rzn", "", "ifgo", "rzn"])
        #expect(cells[0].text.hasPrefix("lstm; columns i, f, g, o; forget bias 0.5; net = x W + h R + b; "))
        #expect(cells[1].equations.contains("projection; i and f also see c") && cells[1].equations.hasSuffix("+-9.0"))
        #expect(cells[2].equations.contains("r (h R + recurrentBias)") && cells[3].equations.contains("(r h) R"))
        #expect(cells[4].text == "rnn; h' = max(0, x W + h R + b)")
        _ = model.gradients { network in
            (loss: network.4.unroll(Tensor.zeros([1, 1, 2])).outputs.sum(), other: ())
        }
        #expect(model.cells == cells)
    }
}
