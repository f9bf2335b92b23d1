import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Streams of numbers, and states as values.
@Suite struct StepperStateTests {
    private struct Network {
        let lower, upper: AnyCell
        let output: Dense

        init(_ kind: String, _ binder: inout Binder) {
            func cell(_ inputs: Int, _ binder: inout Binder) -> AnyCell {
                switch kind {
                case "lstm": AnyCell(LSTMCell(inputSize: inputs, hiddenSize: 21, usesPeepholes: true, &binder))
                case "projected": AnyCell(LSTMCell(inputSize: inputs, hiddenSize: 24, projectedSize: 21, &binder))
                case "gru": AnyCell(GRUCell(inputSize: inputs, hiddenSize: 21, &binder))
                case "gru-before":
                    AnyCell(GRUCell(inputSize: inputs, hiddenSize: 21, resetsAfterProduct: false, &binder))
                default: AnyCell(BasicRNNCell(inputSize: inputs, hiddenSize: 21, &binder))
                }
            }
            lower = cell(3, &binder["lower"])
            upper = cell(21, &binder["upper"])
            output = Dense(inputSize: 21, outputSize: 2, &binder["output"])
        }

        func stepper(batch: Int = 1, weights: WeightPrecision = .float32) throws -> Stepper {
            try #require(
                Stepper(
                    reading: .numbers, cells: [lower, upper],
                    states: [lower.zeroState(batch: batch), upper.zeroState(batch: batch)], output: output,
                    weights: weights))
        }
    }

    private static let kinds = ["lstm", "projected", "gru", "gru-before", "rnn"]

    private static func numbers(_ count: Int, seed: UInt64 = 5) -> [Float] {
        var random = RandomSource(seed: seed)
        return random.uniform(count: count, from: -1, to: 1)
    }

    private static func run(_ stepper: Stepper, _ numbers: some Collection<Float>) -> [Float] {
        let width = 3 * stepper.batch
        let numbers = Array(numbers)
        return stride(from: 0, to: numbers.count, by: width).flatMap { begin in
            stepper.withOutputs(after: numbers[begin..<begin + width]) { Array($0) }
        }
    }

    @Test(arguments: kinds, [1, 4]) func stepsAsUnrolled(_ kind: String, _ batch: Int) throws {
        let model = Model(seed: 4) { Network(kind, &$0) }
        let numbers = Self.numbers(30 * batch * 3)
        try model.evaluate { network in
            let inputs = Tensor(numbers, shape: [30, batch, 3])
            let expected = network.output(network.upper.unroll(network.lower.unroll(inputs).outputs).outputs).values
            let found = Self.run(try network.stepper(batch: batch), numbers)
            #expect(found.count == expected.count)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    /// After an odd number of steps and after an even one, as bytes and as it is.
    @Test(arguments: kinds, [3, 4]) func aStateIsABranch(_ kind: String, _ steps: Int) throws {
        let model = Model(seed: 4) { Network(kind, &$0) }
        let (first, then, other) = (Self.numbers(3 * steps), Self.numbers(15, seed: 6), Self.numbers(12, seed: 7))
        try model.evaluate { network in
            let stepper = try network.stepper()
            _ = Self.run(stepper, first)
            let state = stepper.state
            let expected = Self.run(stepper, then)
            #expect(stepper.state != state)
            _ = Self.run(stepper, other)
            try stepper.restore(state)
            #expect(stepper.state == state)
            #expect(Self.run(stepper, then) == expected)
            let elsewhere = try network.stepper()
            _ = Self.run(elsewhere, other.prefix(3))
            let read = try StepperState(encoded: state.encoded())
            #expect(read == state)
            try elsewhere.restore(read)
            #expect(Self.run(elsewhere, then) == expected)
            stepper.reset()
            #expect(Self.run(stepper, then) == Self.run(try network.stepper(), then))
        }
    }

    /// What a sequence gives does not depend on those beside it.
    @Test(arguments: kinds, [WeightPrecision.float32, .bfloat16, .int8])
    func sequencesAreJoinedAndTakenApart(_ kind: String, _ weights: WeightPrecision) throws {
        let model = Model(seed: 4) { Network(kind, &$0) }
        try model.evaluate { network in
            let single = try network.stepper(weights: weights)
            var states: [StepperState] = []
            for sequence in 0..<7 {
                single.reset()
                _ = Self.run(single, Self.numbers(3 * (sequence + 1), seed: UInt64(sequence)))
                states.append(single.state)
            }
            let together = try network.stepper(batch: 7, weights: weights)
            try together.restore(StepperState(joining: states))
            let next = Self.numbers(7 * 3, seed: 99)
            let outputs = Self.run(together, next)
            let after = together.state
            for (sequence, state) in states.enumerated() {
                try single.restore(state)
                let own = Self.run(single, next[3 * sequence..<3 * sequence + 3])
                #expect(own == Array(outputs[2 * sequence..<2 * sequence + 2]))
                #expect(single.state == after[sequence])
            }
        }
    }

    @Test func statesOfOthersAreRefused() throws {
        let models = [4, 5].map { seed in Model(seed: seed) { Network("lstm", &$0) } }
        let state = try models[0].evaluate { try $0.stepper().state }
        try models[1].evaluate { network in
            let stepper = try network.stepper()
            let error = #expect(throws: RecurrentError.self) { try stepper.restore(state) }
            #expect(error?.description.contains("another network") == true)
            #expect(throws: RecurrentError.self) { try StepperState(joining: [state, stepper.state]) }
        }
        models[0].evaluate { network in
            let error = #expect(throws: RecurrentError.self) { try network.stepper(batch: 2).restore(state) }
            #expect(error?.description.contains("1 sequences; expected 2") == true)
        }
        #expect(throws: RecurrentError.self) { try StepperState(joining: []) }
    }

    @Test func numbersFromOutsideAreChecked() throws {
        let model = Model(seed: 4) { Network("gru", &$0) }
        try model.evaluate { network in
            let stepper = try network.stepper(batch: 2)
            try stepper.validate([1, 2, 3, 4, 5, 6])
            let few = #expect(throws: RecurrentError.self) { try stepper.validate([1, 2, 3]) }
            #expect(few?.description == "3 numbers for a step; expected 3 for each of 2 sequences")
            let broken = #expect(throws: RecurrentError.self) { try stepper.validate([1, 2, 3, 4, .nan, 6]) }
            #expect(broken?.description == "number 1 of sequence 1 is nan; expected a finite one")
        }
    }

    @Test func damagedBytesAreRefused() throws {
        let model = Model(seed: 4) { Network("gru", &$0) }
        let bytes = try model.evaluate { try $0.stepper(batch: 2).state.encoded() }
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: RecurrentError.self) { try StepperState(encoded: bytes.prefix(count)) }
        }
        for place in stride(from: 0, to: bytes.count, by: 5) {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: RecurrentError.self) { try StepperState(encoded: damaged) }
        }
        let others = try TensorFile(entries: [TensorFile.Entry(name: "a", shape: [1], values: [1])]).encoded()
        #expect(throws: RecurrentError.self) { try StepperState(encoded: others) }
    }
}
