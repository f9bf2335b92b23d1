import TestSupport
import Testing

@testable import Recurrent

/// The course notes' cell: the output is a ReLU of other weights than the tanh state's.
struct NotesCell: RecurrentCell {
    let au, bu, av, bv: Tensor

    init(inputSize: Int, hiddenSize: Int, _ binder: inout Binder) {
        au = binder.weight("Au", [inputSize, hiddenSize])
        bu = binder.weight("Bu", [hiddenSize, hiddenSize])
        av = binder.weight("Av", [inputSize, hiddenSize])
        bv = binder.weight("Bv", [hiddenSize, hiddenSize])
    }

    func zeroState(batch: Int) -> Tensor { .zeros([batch, bu.shape[0]]) }

    func step(_ x: Tensor, state h: Tensor) -> (output: Tensor, state: Tensor) {
        (relu(x.matmul(au) + h.matmul(bu)), tanh(x.matmul(av) + h.matmul(bv)))
    }
}

/// A wrapper that changes its cell's inputs.
struct ScaledInput<Cell: RecurrentCell>: RecurrentCell {
    let cell: Cell
    let scale: Float

    func zeroState(batch: Int) -> Cell.State { cell.zeroState(batch: batch) }

    func step(_ x: Tensor, state: Cell.State) -> (output: Tensor, state: Cell.State) {
        cell.step(x * scale, state: state)
    }

    func unroll(
        _ x: Tensor, initialState: Cell.State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Cell.State> {
        cell.unroll(x * scale, initialState: initialState, lengths: lengths, direction: direction)
    }
}

/// Makes a cell with random parameters.
func made<Cell>(_ seed: UInt64 = 1, _ build: (inout Binder) -> Cell) -> Cell {
    var binder = Binder(declaring: RandomSource(seed: seed))
    return build(&binder)
}

/// Cells by name, behind one type.
struct NamedCell: Sendable, CustomTestStringConvertible {
    let name: String
    let cell: AnyCell
    var testDescription: String { name }

    /// Built-in cells, a user-written one, wrappers and stacks; all with inputs of 3 features.
    static let all: [NamedCell] =
        TestCell.all.map { kind in
            NamedCell(
                name: kind.testDescription,
                cell: kind.any(kind.tensors(TestCell.Size(hidden: 5), precision: .single)))
        } + [
            NamedCell(name: "notes' cell", cell: AnyCell(made { NotesCell(inputSize: 3, hiddenSize: 4, &$0) })),
            NamedCell(
                name: "wrapper",
                cell: AnyCell(ScaledInput(cell: made { GRUCell(inputSize: 3, hiddenSize: 4, &$0) }, scale: 0.5))),
            NamedCell(
                name: "dropout outside training",
                cell: AnyCell(
                    made { DroppedOut(LSTMCell(inputSize: 3, hiddenSize: 4, &$0), input: 0.5, state: 0.5, &$0) })),
            NamedCell(
                name: "residual", cell: AnyCell(made { Residual(LSTMCell(inputSize: 3, hiddenSize: 3, &$0)) })),
            NamedCell(
                name: "projected outputs",
                cell: AnyCell(
                    made { binder in
                        OutputProjection(
                            NotesCell(inputSize: 3, hiddenSize: 4, &binder["cell"]),
                            Dense(weight: noise([4, 5], 1, precision: .single), bias: .ones([5])), activation: tanh)
                    })),
            NamedCell(
                name: "LSTM with layer normalisation",
                cell: AnyCell(made { LayerNormLSTMCell(inputSize: 3, hiddenSize: 4, epsilon: 0.01, &$0) })),
            NamedCell(
                name: "GRU with layer normalisation",
                cell: AnyCell(made { LayerNormGRUCell(inputSize: 3, hiddenSize: 4, epsilon: 0.01, &$0) })),
            NamedCell(
                name: "stack",
                cell: AnyCell(
                    made { binder in
                        Stack(
                            LSTMCell(inputSize: 3, hiddenSize: 4, projectedSize: 2, &binder["lower"]),
                            NotesCell(inputSize: 2, hiddenSize: 6, &binder["middle"]),
                            GRUCell(inputSize: 6, hiddenSize: 3, &binder["upper"]))
                    })),
            NamedCell(
                name: "three layers",
                cell: AnyCell(
                    made { binder in
                        StackedCells(
                            (0..<3).map { LSTMCell(inputSize: 3, hiddenSize: 3, &binder["layers", $0]) })
                    })),
        ]
}

/// What must hold for any cell over any sequences.
@Suite struct SequencePropertyTests {
    static let directions: [Direction] = [.forward, .reversed]
    let x = noise([6, 4, 3], 8, precision: .single)
    let lengths = [6, 0, 2, 5]

    /// Whatever stands past the lengths, NaN too, changes no output, state or gradient.
    @Test(arguments: NamedCell.all, directions)
    func paddingNeverMatters(_ named: NamedCell, direction: Direction) {
        func padded(with value: Float) -> Tensor {
            var values = x.values
            for t in 0..<6 {
                for b in 0..<4 where t >= lengths[b] { for i in 0..<3 { values[(t * 4 + b) * 3 + i] = value } }
            }
            return Tensor(values, shape: x.shape)
        }
        func found(_ value: Float) -> [Tensor] {
            let inputs = padded(with: value).tracked()
            let result = named.cell.unroll(inputs, lengths: lengths, direction: direction)
            let loss = result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1) }
            return [result.outputs] + result.state.tensors + gradients(of: loss, withRespectTo: [inputs])
        }
        let clean = found(0)
        for garbage in [Float(7), 1e30, .infinity, .nan] {
            let other = found(garbage)
            for (index, (a, b)) in zip(clean, other).enumerated() { #expect(bits(a) == bits(b), "\(garbage) \(index)") }
        }
        let (outputs, inputGradient) = (clean[0].values, clean.last!.values)
        let width = clean[0].shape[2]
        for t in 0..<6 {
            for b in 0..<4 where t >= lengths[b] {
                let row = t * 4 + b
                #expect(outputs[row * width..<(row + 1) * width].allSatisfy { $0 == 0 })
                #expect(inputGradient[row * 3..<(row + 1) * 3].allSatisfy { $0 == 0 })
            }
        }
    }

    /// The same for the gradients of weights, by both paths.
    @Test(arguments: TestCell.all, [false, true])
    func paddingNeverMattersToWeights(_ cell: TestCell, stepwise: Bool) {
        for direction in Self.directions {
            for precision in [Precision.single, .double] {
                var tensors = cell.tensors(TestCell.Size(hidden: 5), precision: precision)
                let lengths = [4, 0, 2]
                func found(_ value: Double) -> [String: Tensor] {
                    var values = noise([4, 3, 3], 3).doubles
                    for t in 0..<4 {
                        for b in 0..<3 where t >= lengths[b] { for i in 0..<3 { values[(t * 3 + b) * 3 + i] = value } }
                    }
                    tensors["x"] = Tensor(values, shape: [4, 3, 3]).converted(to: precision)
                    return results(
                        of: cell, tensors, lengths: lengths, direction: direction, stepwise: stepwise)
                }
                let clean = found(0)
                for garbage in [1e30, .nan, -.infinity] {
                    for (name, value) in found(garbage) {
                        #expect(bits(value) == bits(clean[name]!), "\(name) \(garbage) \(direction) \(precision)")
                    }
                }
            }
        }
    }

    /// One pass equals several with the state carried.
    @Test(arguments: NamedCell.all)
    func splittingASequenceEqualsOnePass(_ named: NamedCell) {
        let whole = named.cell.unroll(x)
        for cut in 1..<6 {
            let first = named.cell.unroll(x.slice(0..<cut))
            let second = named.cell.unroll(x.slice(cut..<6), from: first.state)
            #expect(difference(.concatenated([first.outputs, second.outputs]), whole.outputs) < 1e-5)
            for (a, b) in zip(second.state.tensors, whole.state.tensors) { #expect(difference(a, b) < 1e-5) }
        }
    }

    /// Lengths cut a sequence as leaving its end away does.
    @Test(arguments: NamedCell.all, directions)
    func lengthsEqualShorterSequences(_ named: NamedCell, direction: Direction) {
        let all = named.cell.unroll(x, lengths: lengths, direction: direction)
        for (b, length) in lengths.enumerated() where length > 0 {
            let alone = named.cell.unroll(
                x.slice(axis: 1, b..<b + 1).slice(0..<length), direction: direction)
            #expect(difference(all.outputs.slice(axis: 1, b..<b + 1).slice(0..<length), alone.outputs) < 1e-5)
            for (a, b) in zip(all.state.tensors.map { $0.slice(b..<b + 1) }, alone.state.tensors) {
                #expect(difference(a, b) < 1e-5)
            }
        }
    }

    @Test(arguments: NamedCell.all, directions)
    func theOrderOfTheBatchDoesNotMatter(_ named: NamedCell, direction: Direction) {
        let order = IntegerTensor([2, 0, 3, 1], shape: [4])
        func permuted(_ tensor: Tensor) -> Tensor { tensor.gather(order) }
        let plain = named.cell.unroll(x, lengths: lengths, direction: direction)
        let moved = named.cell.unroll(
            permuted(x.swappingTimeAndBatch()).swappingTimeAndBatch(), lengths: order.values.map { lengths[Int($0)] },
            direction: direction)
        #expect(
            difference(moved.outputs.swappingTimeAndBatch(), permuted(plain.outputs.swappingTimeAndBatch())) < 1e-6)
        for (a, b) in zip(moved.state.tensors, plain.state.tensors) { #expect(difference(a, permuted(b)) < 1e-6) }
    }

    /// Without lengths, going backwards is going forwards over the flipped sequence.
    @Test(arguments: NamedCell.all)
    func reversedEqualsFlipping(_ named: NamedCell) {
        let flip = IntegerTensor([5, 4, 3, 2, 1, 0], shape: [6])
        let reversed = named.cell.unroll(x, direction: .reversed)
        let flipped = named.cell.unroll(x.gather(flip))
        #expect(difference(reversed.outputs, flipped.outputs.gather(flip)) < 1e-6)
        for (a, b) in zip(reversed.state.tensors, flipped.state.tensors) { #expect(difference(a, b) < 1e-6) }
    }

    /// The list of step inputs, the one tensor and the cell's own steps are one thing.
    @Test(arguments: NamedCell.all, directions)
    func listsAndTensorsOfInputsGiveTheSame(_ named: NamedCell, direction: Direction) {
        let one = named.cell.unroll(x, lengths: lengths, direction: direction)
        let list = named.cell.unroll((0..<6).map { x[$0] }, lengths: lengths, direction: direction)
        #expect(bits(.stacked(list.outputs)) == bits(one.outputs))
        #expect(list.state.tensors.map(bits) == one.state.tensors.map(bits))
        let stepwise = named.cell.unrollStepwise(x, lengths: lengths, direction: direction)
        #expect(difference(stepwise.outputs, one.outputs) < 1e-5)
    }

    @Test(arguments: TestCell.all)
    func anyCellIsTheCell(_ cell: TestCell) {
        let tensors = cell.tensors(TestCell.Size(), precision: .single)
        let own = cell.unroll(tensors, lengths: [4, 2, 3])
        let wrapped = cell.any(tensors)
        var state = wrapped.zeroState(batch: 3)
        let initial = [tensors["initialCell"], tensors["initialHidden"]].compactMap { $0 }
        var next = 0
        state = state.map { _ in
            next += 1
            return initial[next - 1]
        }
        let erased = wrapped.unroll(tensors["x"]!, from: state, lengths: [4, 2, 3])
        #expect(bits(erased.outputs) == bits(own.outputs))
        #expect(erased.state.tensors.map(bits) == own.state.reversed().map(bits))
        let (output, _) = wrapped.step(tensors["x"]![0], state: state)
        #expect(difference(output.reshaped([1] + output.shape), own.outputs.slice(0..<1)) < 1e-5)
    }

    /// A stack is its layers one after the other: values, states by layer, and gradients.
    @Test func stacksEqualTheirLayersByHand() {
        let x = self.x.tracked()
        let lower = made(1) { LSTMCell(inputSize: 3, hiddenSize: 5, &$0) }
        let upper = made(2) { GRUCell(inputSize: 5, hiddenSize: 4, &$0) }
        for direction in Self.directions {
            let stack = Stack(lower, upper).unroll(x, lengths: lengths, direction: direction)
            let first = lower.unroll(x, lengths: lengths, direction: direction)
            let second = upper.unroll(first.outputs, lengths: lengths, direction: direction)
            #expect(bits(stack.outputs) == bits(second.outputs))
            #expect(bits(stack.state.layers.0.c) == bits(first.state.c))
            #expect(bits(stack.state.layers.0.h) == bits(first.state.h))
            #expect(bits(stack.state.layers.1) == bits(second.state))
            let found = [stack.outputs, second.outputs].map { gradients(of: weighted($0), withRespectTo: [x])[0] }
            #expect(bits(found[0]) == bits(found[1]))
            let carried = Stack(lower, upper).unroll(x, from: stack.state, lengths: lengths, direction: direction)
            let by = lower.unroll(x, from: first.state, lengths: lengths, direction: direction)
            let hand = upper.unroll(by.outputs, from: second.state, lengths: lengths, direction: direction)
            #expect(bits(carried.outputs) == bits(hand.outputs))
            let stepwise = Stack(lower, upper).unrollStepwise(x, lengths: lengths, direction: direction)
            #expect(difference(stepwise.outputs, stack.outputs) < 1e-5)
        }
    }

    @Test func stackedCellsEqualTheirLayersByHand() {
        let cells = (0..<3).map { layer in made(UInt64(layer)) { LSTMCell(inputSize: 3, hiddenSize: 3, &$0) } }
        let stack = StackedCells(cells).unroll(x, lengths: lengths)
        var flowing = x
        for (layer, cell) in cells.enumerated() {
            let result = cell.unroll(flowing, lengths: lengths)
            flowing = result.outputs
            #expect(bits(result.state.c) == bits(stack.state.layers[layer].c))
            #expect(bits(result.state.h) == bits(stack.state.layers[layer].h))
        }
        #expect(bits(stack.outputs) == bits(flowing))
    }

    @Test func aWrapperEqualsItsCellOverOtherInputs() {
        let cell = made { LSTMCell(inputSize: 3, hiddenSize: 4, &$0) }
        let wrapped = ScaledInput(cell: cell, scale: 2).unroll(x, lengths: lengths)
        #expect(bits(wrapped.outputs) == bits(cell.unroll(x * 2, lengths: lengths).outputs))
    }

    /// A user-written cell's gradients, with lengths and in both directions, agree with numerical ones.
    @Test(arguments: directions)
    func theNotesCellHasRightGradients(_ direction: Direction) {
        let shapes = [[3, 2, 3], [3, 4], [4, 4], [3, 4], [4, 4]]
        let check = checkGradients(at: shapes.enumerated().map { noise($1, UInt64($0)) }) { inputs in
            let cell = NotesCell(au: inputs[1], bu: inputs[2], av: inputs[3], bv: inputs[4])
            let result = cell.unroll(inputs[0], lengths: [3, 1], direction: direction)
            return weighted(result.outputs) + weighted(result.state)
        }
        #expect(check.largestError < 1e-6, "\(check)")
    }
}

extension NotesCell {
    init(au: Tensor, bu: Tensor, av: Tensor, bv: Tensor) {
        self.au = au
        self.bu = bu
        self.av = av
        self.bv = bv
    }
}
