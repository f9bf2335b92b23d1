import TestSupport
import Testing

@testable import Recurrent

/// A stack, with dropout between and after, and its loss over a segment.
private struct LongNetwork: Sendable {
    let cell: StackedCells<LSTMCell>
    let dropout: Dropout
    let output: Dense

    init(probability: Float = 0, _ binder: inout Binder) {
        cell = StackedCells(
            (0..<2).map { LSTMCell(inputSize: $0 == 0 ? 3 : 5, hiddenSize: 5, &binder["cell", $0]) })
        dropout = Dropout(probability: probability, &binder)
        output = Dense(inputSize: 5, outputSize: 2, &binder["output"])
    }

    typealias State = StackedCells<LSTMCell>.State

    func loss(_ inputs: Tensor, from state: State, lengths: [Int]? = nil, direction: Direction = .forward)
        -> (loss: Tensor, state: State)
    {
        let unrolled = cell.unroll(inputs, from: state, lengths: lengths, direction: direction)
        return (output(dropout(unrolled.outputs)).squared().sum(), unrolled.state)
    }
}

@Suite struct SegmentsTests {
    static let directions: [Direction] = [.forward, .reversed]
    static let lengths: [[Int]?] = [nil, [7, 0, 3]]

    @Test func segmentsCoverTheSequence() {
        #expect(Segment.all(of: 10, length: 4).map(\.steps) == [0..<4, 4..<8, 8..<10])
        #expect(Segment.all(of: 10_000, length: nil).count == 100)
        #expect(Segment.all(of: 3, length: 7).map(\.steps) == [0..<3])
        #expect(Segment(steps: 4..<8).lengths([0, 4, 5, 8, 10]) == [0, 0, 1, 4, 4])
    }

    /// Outputs and states to the bit, all gradients to rounding.
    @Test(arguments: TestCell.all, directions)
    func segmentsEqualOnePass(_ kind: TestCell, direction: Direction) {
        let tensors = kind.tensors(TestCell.Size(time: 7, hidden: 5))
        let names = tensors.keys.sorted()
        for lengths in Self.lengths {
            func found(_ segmentLength: Int?) -> (values: [Tensor], gradients: [Tensor]) {
                let tracked = tensors.mapValues { $0.tracked() }
                let cell = kind.any(tracked)
                let state = kind.initialState(tracked)
                let x = tracked["x"]!
                let result =
                    segmentLength.map {
                        cell.unrollInSegments(
                            x, segmentLength: $0, from: state, lengths: lengths, direction: direction)
                    } ?? cell.unroll(x, from: state, lengths: lengths, direction: direction)
                var loss = weighted(result.outputs)
                for part in result.state.tensors { loss = loss + weighted(part, 5) }
                return (
                    [result.outputs] + result.state.tensors,
                    gradients(of: loss, withRespectTo: names.map { tracked[$0]! })
                )
            }
            let whole = found(nil)
            for segmentLength in [1, 3, 7] {
                let cut = found(segmentLength)
                #expect(cut.values.map(bits) == whole.values.map(bits), "\(segmentLength) \(lengths ?? [])")
                for (index, name) in names.enumerated() {
                    let apart = difference(cut.gradients[index], whole.gradients[index])
                    #expect(apart < 1e-12, "\(name) \(segmentLength) \(lengths ?? [])")
                }
            }
        }
    }

    /// Cells of one's own, wrappers and stacks.
    @Test(arguments: NamedCell.all, directions)
    func anyCellCanBeUnrolledInSegments(_ named: NamedCell, direction: Direction) {
        for lengths in Self.lengths {
            let x = noise([7, 3, 3], 4, precision: .single).tracked()
            let pair = [
                named.cell.unroll(x, from: nil, lengths: lengths, direction: direction),
                named.cell.unrollInSegments(x, lengths: lengths, direction: direction),
            ]
            let found = pair.map { result in
                let loss = result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1) }
                return [result.outputs] + result.state.tensors + gradients(of: loss, withRespectTo: [x])
            }
            for (a, b) in zip(found[0], found[1]) { #expect(difference(b, a) < 1e-5, "\(lengths ?? [])") }
        }
    }

    /// The loss, every parameter's gradient and the final state, gathered in a training step's flat buffer.
    @Test(arguments: directions)
    func lossOverSegmentsEqualsOnePass(_ direction: Direction) {
        let x = noise([20, 3, 3], 1, precision: .single)
        for lengths in [nil, [20, 0, 9]] as [[Int]?] {
            func found(_ loss: (LongNetwork) -> (Tensor, LongNetwork.State)) -> [Tensor] {
                var model = Model(seed: 3) { LongNetwork(&$0) }
                let result = model.gradients { network in
                    let (loss, state) = loss(network)
                    return (loss, state.detached())
                }
                return [Tensor(result.loss), Tensor(result.gradients.values)] + result.other.tensors
            }
            let whole = found { network in
                network.loss(x, from: network.cell.zeroState(batch: 3), lengths: lengths, direction: direction)
            }
            for segmentLength in [nil, 1, 6, 20, 50] as [Int?] {
                let cut = found { network in
                    segmentedLoss(
                        over: 20, segmentLength: segmentLength, from: network.cell.zeroState(batch: 3),
                        direction: direction
                    ) { segment, state in
                        network.loss(
                            x.slice(segment.steps), from: state, lengths: lengths.map(segment.lengths),
                            direction: direction)
                    }
                }
                for (a, b) in zip(cut, whole) { #expect(difference(a, b) < 1e-5, "\(segmentLength ?? 0)") }
            }
        }
    }

    @Test func gradientsAgreeWithNumericalOnes() {
        let cell = TestCell(kind: .lstm, peepholes: true)
        let tensors = cell.tensors(TestCell.Size(time: 5, batch: 2, hidden: 3))
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let lstm = cell.any(given)
            let x = given["x"]!
            let (loss, state) = segmentedLoss(
                over: 5, segmentLength: 2, from: cell.initialState(given)
            ) { segment, state in
                let unrolled = lstm.unroll(x.slice(segment.steps), from: state, lengths: segment.lengths([5, 3]))
                return (weighted(unrolled.outputs), unrolled.state)
            }
            return state.tensors.reduce(loss) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(names[check.place.input]) \(check)")
    }

    /// Masks are the same when a segment is computed again: gradients are those of segments that are remembered.
    @Test func dropoutDrawsTheSameMasksAgain() {
        let x = noise([12, 3, 3], 1, precision: .single)
        func found(_ recomputes: Bool) -> (Float, [Float]) {
            var model = Model(seed: 3) { LongNetwork(probability: 0.5, &$0) }
            let result = model.gradients { network -> (Tensor, Void) in
                let start = network.cell.zeroState(batch: 3)
                if recomputes {
                    let (loss, _) = segmentedLoss(over: 12, segmentLength: 4, from: start) { segment, state in
                        network.loss(x.slice(segment.steps), from: state)
                    }
                    return (loss, ())
                }
                var state = start
                var total = Tensor(0)
                for segment in Segment.all(of: 12, length: 4) {
                    let part = network.loss(x.slice(segment.steps), from: state)
                    total = total + part.loss
                    state = part.state
                }
                return (total, ())
            }
            return (result.loss, result.gradients.values)
        }
        let (again, remembered) = (found(true), found(false))
        #expect(again.0 == remembered.0)
        #expect(again.1 == remembered.1)
        #expect(again.1.contains { $0 != 0 })
    }

    /// A wrapper that counts steps in its state draws every step's own mask in segments too.
    @Test func dropoutOfStepsIsThatOfOnePass() {
        let x = noise([12, 3, 3], 1, precision: .single)
        let gru = made { GRUCell(inputSize: 3, hiddenSize: 5, &$0) }
        let cell = DroppedOut(gru, input: 0.4, output: 0.3, random: RandomSource(seed: 1))
        let found = [false, true].map { inSegments in
            let x = x.tracked()
            let result = inSegments ? cell.unrollInSegments(x, segmentLength: 5) : cell.unroll(x)
            return [result.outputs, gradients(of: weighted(result.outputs), withRespectTo: [x])[0]]
        }
        #expect(bits(found[0][0]) == bits(found[1][0]))
        #expect(difference(found[1][1], found[0][1]) < 1e-6)
    }

    @Test func nothingIsRecordedOutsideTraining() {
        let model = Model(seed: 3) { LongNetwork(&$0) }
        let x = noise([9, 2, 3], 1, precision: .single)
        let isTracked = model.evaluate { network in
            segmentedLoss(over: 9, from: network.cell.zeroState(batch: 2)) { segment, state in
                network.loss(x.slice(segment.steps), from: state)
            }.loss.isTracked
        }
        #expect(!isTracked)
    }
}

/// In processes of their own, where nothing else takes memory or changes the number of threads.
@Suite struct SegmentsInTheirOwnProcessTests {
    /// Gradients of a training step over a signal that is made segment by segment.
    private static func step(_ steps: Int, segmentLength: Int?) -> [Float] {
        var model = Model(seed: 3) { LongNetwork(&$0) }
        return model.gradients { network -> (Tensor, Void) in
            let (loss, _) = segmentedLoss(
                over: steps, segmentLength: segmentLength, from: network.cell.zeroState(batch: 3)
            ) { segment, state in
                let inputs = Tensor.stacked(segment.steps.map { noise([3, 3], UInt64($0), precision: .single) })
                return network.loss(inputs, from: state)
            }
            return (loss, ())
        }.gradients.values
    }

    private static func peakBytes(_ body: () -> Void) -> Int {
        body()
        let before = MemoryUse.current.bytes
        MemoryUse.resetPeak()
        body()
        precondition(MemoryUse.current.bytes == before, "memory is left behind")
        return MemoryUse.current.peakBytes - before
    }

    /// Four times the steps take about twice the memory, and without segments four times; nothing is left behind.
    @Test func memoryGrowsWithTheSquareRoot() async {
        await #expect(processExitsWith: .success) {
            let cut = [400, 1600].map { steps in Double(Self.peakBytes { _ = Self.step(steps, segmentLength: nil) }) }
            let whole = [400, 1600].map { steps in Double(Self.peakBytes { _ = Self.step(steps, segmentLength: steps) })
            }
            #expect(cut[1] / cut[0] > 1.3 && cut[1] / cut[0] < 2.4, "\(cut)")
            #expect(whole[1] / whole[0] > 3.5, "\(whole)")
            #expect(cut[1] < whole[1] / 10, "\(cut) \(whole)")
        }
    }

    @Test func threadsDoNotChangeTheBits() async {
        await #expect(processExitsWith: .success) {
            let found = onThreads([1, 2, 3]) { Self.step(50, segmentLength: nil) }
            #expect(found[0] == found[1] && found[1] == found[2])
        }
    }
}
