import TestSupport
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
                    AnyCell(GRUCell(inputSize: inputs, hiddenSize: hidden, resetsAfterProduct: false, &binder))
                case "relu":
                    AnyCell(BasicRNNCell(inputSize: inputs, hiddenSize: hidden, activation: .relu, &binder))
                default: AnyCell(BasicRNNCell(inputSize: inputs, hiddenSize: hidden, &binder))
                }
            }
            cells = [cell(7, &binder["cell", 0]), cell(hidden, &binder["cell", 1])]
            output = Dense(inputSize: hidden, outputSize: 7, &binder["output"])
        }
    }

    /// The logits of six steps from an embedding or one-hot tokens.
    private func logits(
        _ model: Model<Network>, _ tokens: [Int32], batch: Int, weights: WeightPrecision = .float32
    ) throws -> [Float] {
        try model.evaluate { network in
            let stepper = try #require(
                Stepper(
                    reading: .oneHotTokens, cells: network.cells,
                    states: network.cells.map { $0.zeroState(batch: batch) },
                    output: network.output, weights: weights))
            return (0..<6).flatMap { step in
                stepper.withLogits(after: tokens[step * batch..<(step + 1) * batch]) { Array($0) }
            }
        }
    }

    @Test(
        arguments: ["lstm", "projected", "gru", "gru-before", "rnn", "relu", "dropped"], [(1, 5), (3, 33), (1, 256)])
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
                    reading: .oneHotTokens, cells: network.cells,
                    states: network.cells.map { $0.zeroState(batch: batch) },
                    output: network.output))
            for step in 0..<6 {
                let found = stepper.withLogits(after: tokens[step * batch..<(step + 1) * batch]) { Array($0) }
                for (place, value) in found.enumerated() {
                    #expect(abs(value - expected[step * batch * 7 + place]) < 1e-5)
                }
            }
        }
    }

    @Test(arguments: ["lstm", "projected", "gru", "gru-before", "rnn", "relu"], [(1, 40), (3, 33)])
    func smallerWeightsGiveAlmostTheSame(_ kind: String, _ size: (batch: Int, hidden: Int)) throws {
        var random = RandomSource(seed: 6)
        let tokens = random.uniform(count: 6 * size.batch, from: 0, to: 7).map { Int32($0) }
        let model = Model(seed: 4) { Network(kind, hidden: size.hidden, &$0) }
        let exact = try logits(model, tokens, batch: size.batch)
        for (weights, bound) in [(WeightPrecision.bfloat16, Float(0.01)), (.int8, 0.04)] {
            let found = try logits(model, tokens, batch: size.batch, weights: weights)
            let worst = zip(found, exact).map { abs($0 - $1) }.max() ?? 0
            #expect(worst > 0 && worst < bound, "\(weights): \(worst)")
        }
    }

    /// The vectors of tokens are looked up as they are.
    @Test(arguments: WeightPrecision.allCases) func readsEmbeddings(_ weights: WeightPrecision) throws {
        struct Words {
            let embedding: Embedding
            let cell: AnyCell
            let output: Dense
        }
        let model = Model(seed: 4) { binder in
            Words(
                embedding: Embedding(tokens: 9, width: 13, initializer: .uniform(from: -1, to: 1), &binder["words"]),
                cell: AnyCell(GRUCell(inputSize: 13, hiddenSize: 21, &binder["cell"])),
                output: Dense(inputSize: 21, outputSize: 9, &binder["output"]))
        }
        let tokens: [Int32] = [3, 0, 8, 8, 1, 2]
        try model.evaluate { network in
            let read = network.embedding(IntegerTensor(tokens, shape: [3, 2]))
            let expected = network.output(network.cell.unroll(read).outputs).values
            let stepper = try #require(
                Stepper(
                    reading: .embeddedTokens(network.embedding), cells: [network.cell],
                    states: [network.cell.zeroState(batch: 2)],
                    output: network.output, weights: weights))
            for step in 0..<3 {
                let found = stepper.withLogits(after: tokens[2 * step..<2 * step + 2]) { Array($0) }
                for (place, value) in found.enumerated() {
                    let bound: Float = weights == .float32 ? 1e-5 : 0.03
                    #expect(abs(value - expected[step * 18 + place]) < bound)
                }
            }
        }
    }

    @Test(arguments: ["lstm", "projected", "gru-before"])
    func everyNumberOfThreadsGivesTheSameLogits(_ kind: String) throws {
        let model = Model(seed: 4) { Network(kind, hidden: 150, &$0) }
        let tokens: [Int32] = [1, 5, 0, 6, 6, 2]
        for weights in WeightPrecision.allCases {
            let all = try onThreads([1, 2, 3, 2, 3]) { try logits(model, tokens, batch: 1, weights: weights) }
            for other in all.dropFirst() { #expect(other == all[0]) }
        }
    }

    /// Threads may come and go between two steps.
    @Test func threadsMayChangeBetweenSteps() throws {
        let model = Model(seed: 4) { Network("lstm", hidden: 150, &$0) }
        let tokens: [Int32] = [1, 5, 0, 6, 6, 2]
        let expected = try logits(model, tokens, batch: 1)
        try keepingThreads {
            RecurrentKernels.threads = 3
            try model.evaluate { network in
                let stepper = try #require(
                    Stepper(
                        reading: .oneHotTokens, cells: network.cells,
                        states: network.cells.map { $0.zeroState(batch: 1) },
                        output: network.output))
                var found: [Float] = []
                for (token, threads) in zip(tokens, [3, 1, 2, 3, 1, 3]) {
                    RecurrentKernels.threads = threads
                    found += stepper.withLogits(after: CollectionOfOne(token)) { Array($0) }
                }
                #expect(found == expected)
            }
        }
    }
}
