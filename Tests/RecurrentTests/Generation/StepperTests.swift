import Testing

@testable import Recurrent

/// Running token by token gives what unrolling over the whole sequence gives.
struct StepperTests {
    private struct Network {
        let cells: [AnyCell]
        let output: Dense

        init(_ kind: String, hidden: Int, _ binder: inout Binder) {
            func cell(_ inputs: Int, _ binder: inout Binder) -> AnyCell {
                switch kind {
                case "lstm": AnyCell(LSTMCell(inputSize: inputs, hiddenSize: hidden, usesPeepholes: true, &binder))
                case "projected":
                    AnyCell(LSTMCell(inputSize: inputs, hiddenSize: hidden + 3, projectedSize: hidden, &binder))
                case "dropped":
                    AnyCell(
                        DroppedOut(
                            AnyCell(LSTMCell(inputSize: inputs, hiddenSize: hidden, &binder)), output: 0.5, state: 0.5,
                            &binder))
                case "gru": AnyCell(GRUCell(inputSize: inputs, hiddenSize: hidden, &binder))
                case "gru-before":
                    AnyCell(GRUCell(inputSize: inputs, hiddenSize: hidden, resetAfterProduct: false, &binder))
                default: AnyCell(BasicRNNCell(inputSize: inputs, hiddenSize: hidden, &binder))
                }
            }
            cells = [cell(7, &binder["cell", 0]), cell(hidden, &binder["cell", 1])]
            output = Dense(inputSize: hidden, outputSize: 7, &binder["output"])
        }
    }

    @Test(arguments: ["lstm", "projected", "gru", "gru-before", "rnn", "dropped"], [(1, 5), (3, 33), (1, 256)])
    func stepsAsUnrolled(_ kind: String, _ size: (batch: Int, hidden: Int)) throws {
        let (batch, hidden) = size
        var random = RandomSource(seed: 5)
        let tokens = random.uniform(count: 6 * batch, from: 0, to: 7).map { Int32($0) }
        let model = Model(seed: 4) { Network(kind, hidden: hidden, &$0) }
        try model.evaluate { network in
            var flowing = IntegerTensor(tokens, shape: [6, batch]).oneHot(depth: 7)
            for cell in network.cells { flowing = cell.unroll(flowing).outputs }
            let expected = network.output(flowing).values
            let stepper = try #require(
                Stepper(
                    cells: network.cells, states: network.cells.map { $0.zeroState(batch: batch) },
                    output: network.output))
            for step in 0..<6 {
                let found = stepper.withLogits(after: tokens[step * batch..<(step + 1) * batch]) { Array($0) }
                for (place, value) in found.enumerated() {
                    #expect(abs(value - expected[step * batch * 7 + place]) < 1e-5)
                }
            }
        }
    }
}
