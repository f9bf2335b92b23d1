import Recurrent

/// The notes' first example: a basic recurrent network of five units, two steps of four sequences of three numbers.
///
/// TensorFlow draws the weights from the stream of the graph's seed, 42, and of the operation's number in the graph.
enum TwoSteps {
    /// The inputs at t = 0 and at t = 1.
    static let inputs: [Tensor] = [
        Tensor([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]]),
        Tensor([[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]]),
    ]

    /// Both steps of all sequences, with time first: `[2, 4, 3]`.
    static var sequence: Tensor { .stacked(inputs) }

    /// The cell whose kernel, drawn by one operation of the graph, has three rows for the inputs and five for the state.
    static func cell(operation: UInt64) -> BasicRNNCell {
        var random = RandomSource(seed: 42, operation: operation)
        let kernel = Tensor(Initializer.glorotUniform(shape: [8, 5], random: &random), shape: [8, 5])
        return BasicRNNCell(
            inputWeight: kernel.slice(0..<3), recurrentWeight: kernel.slice(3..<8), bias: .zeros([5]))
    }

    /// The formulas as the notes write them, without a cell.
    static func handWritten() -> [Tensor] {
        var inputRandom = RandomSource(seed: 42, operation: 5)
        var stateRandom = RandomSource(seed: 42, operation: 14)
        let wx = Tensor(inputRandom.normal(count: 15), shape: [3, 5])
        let wy = Tensor(stateRandom.normal(count: 25), shape: [5, 5])
        let b = Tensor.zeros([1, 5])
        let y0 = tanh(inputs[0].matmul(wx) + b)
        let y1 = tanh(y0.matmul(wy) + inputs[1].matmul(wx) + b)
        return [y0, y1]
    }

    /// `static_rnn` on two placeholders: a list of the steps' inputs.
    static func list(operation: UInt64) -> [Tensor] { cell(operation: operation).unroll(inputs).outputs }

    /// `static_rnn` on one placeholder `[batch, time, features]`: transposed, unstacked, unrolled, stacked.
    static func unstacked(operation: UInt64) -> [Tensor] {
        let placeholder = sequence.swappingTimeAndBatch()
        let steps = placeholder.swappingTimeAndBatch()
        return cell(operation: operation).unroll((0..<2).map { steps[$0] }).outputs
    }

    /// `dynamic_rnn`: one tensor.
    static func tensor(operation: UInt64) -> [Tensor] {
        let outputs = cell(operation: operation).unroll(sequence).outputs
        return [outputs[0], outputs[1]]
    }

    static func compare(_ title: String, _ expected: [[Double]], _ got: Tensor) -> NumberComparison {
        NumberComparison(title, expected: expected.flatMap { $0 }, got: got.doubles)
    }

    static func row(_ name: String, _ table: TwoStepTable, _ compute: @escaping @Sendable () -> [Tensor])
        -> ReproductionRow
    {
        ReproductionRow(name, source: table.source) { _, _ in
            let outputs = compute()
            return .numbers([compare("Y0", table.y0, outputs[0]), compare("Y1", table.y1, outputs[1])])
        }
    }
}

/// What the notes print for the two steps: a row for each sequence.
struct TwoStepTable: Sendable {
    let source: String
    var y0: [[Double]]
    var y1: [[Double]]
}

extension ReproductionRow {
    static let twoStepTables: [ReproductionRow] = [
        TwoSteps.row("hand-written", .handWritten) { TwoSteps.handWritten() },
        TwoSteps.row("static-rnn", .staticRNN) { TwoSteps.list(operation: 20) },
        TwoSteps.row("static-rnn-one-input", .staticRNNOneInput) { TwoSteps.unstacked(operation: 22) },
        TwoSteps.row("dynamic-rnn", .dynamicRNN) { TwoSteps.tensor(operation: 77) },
        TwoSteps.row("static-rnn-2018", .staticRNN2018) { TwoSteps.unstacked(operation: 16) },
        ReproductionRow("dynamic-rnn-lengths-2018", source: TwoStepTable.lengths2018.source) { _, _ in
            let table = TwoStepTable.lengths2018
            let result = TwoSteps.cell(operation: 79).unroll(TwoSteps.sequence, lengths: [2, 1, 2, 2])
            return .numbers([
                TwoSteps.compare("Y0", table.y0, result.outputs[0]),
                TwoSteps.compare("Y1", table.y1, result.outputs[1]),
                TwoSteps.compare("states", TwoStepTable.lengths2018States, result.state),
            ])
        },
    ]
}
