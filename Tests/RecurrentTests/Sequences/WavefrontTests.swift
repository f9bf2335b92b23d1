import TestSupport
import Testing

@testable import Recurrent

@Suite struct WavefrontTests {
    static let directions: [Direction] = [.forward, .reversed]

    /// Every layer's tensors by name.
    private static func layers(_ kind: TestCell, hidden: Int, count: Int = 3) -> [[String: Tensor]] {
        (0..<count).map { layer in
            let width = kind.outputSize(TestCell.Size(hidden: hidden))
            let size = TestCell.Size(time: 11, input: layer == 0 ? 3 : width, hidden: hidden)
            return kind.tensors(size, seed: UInt64(layer + 1))
        }
    }

    /// Outputs, states, and the gradients of the inputs and of every layer's weights and initial states.
    private static func results(
        _ kind: TestCell, _ layers: [[String: Tensor]], lengths: [Int]?, direction: Direction, segmentLength: Int?,
        withState: Bool = true
    ) -> (values: [Tensor], gradients: [Tensor]) {
        let tracked = layers.map { $0.mapValues { $0.tracked() } }
        let cells = tracked.map { kind.any($0) }
        let x = tracked[0]["x"]!
        let state = withState ? StackedCells<AnyCell>.State(tracked.map { kind.initialState($0) }) : nil
        let result =
            segmentLength.map {
                Wavefront(cells, segmentLength: $0).unroll(x, from: state, lengths: lengths, direction: direction)
            } ?? StackedCells(cells).unroll(x, from: state, lengths: lengths, direction: direction)
        var loss = weighted(result.outputs)
        for (index, part) in result.state.tensors.enumerated() { loss = loss + weighted(part, UInt64(index)) }
        let wanted = tracked.flatMap { tensors in tensors.keys.sorted().map { tensors[$0]! } }
        return ([result.outputs] + result.state.tensors, gradients(of: loss, withRespectTo: wanted))
    }

    /// Values to the bit, gradients to rounding: all cells, directions, lengths, initial states, segments.
    @Test(arguments: TestCell.all, directions)
    func equalsTheStack(_ kind: TestCell, direction: Direction) {
        for (hidden, lengths, withState) in [(5, nil, true), (17, [11, 0, 6], false)] as [(Int, [Int]?, Bool)] {
            let layers = Self.layers(kind, hidden: hidden)
            func found(_ segmentLength: Int?) -> (values: [Tensor], gradients: [Tensor]) {
                Self.results(
                    kind, layers, lengths: lengths, direction: direction, segmentLength: segmentLength,
                    withState: withState)
            }
            let plain = found(nil)
            for segmentLength in [1, 4, 11] {
                let wave = found(segmentLength)
                #expect(wave.values.map(bits) == plain.values.map(bits), "\(segmentLength)")
                for (index, (a, b)) in zip(wave.gradients, plain.gradients).enumerated() {
                    #expect(difference(a, b) < 1e-12, "gradient \(index), segments of \(segmentLength)")
                }
            }
        }
    }

    @Test func gradientsAgreeWithNumericalOnes() {
        let sizes = [TestCell.Size(time: 5, batch: 2, input: 2, hidden: 3)]
        let kind = TestCell(kind: .resetBefore)
        let below = kind.tensors(sizes[0])
        let above = kind.tensors(TestCell.Size(time: 5, batch: 2, input: 3, hidden: 3), seed: 2)
        let names = below.keys.sorted()
        let check = checkGradients(at: names.map { below[$0]! } + names.map { above[$0]! }) { inputs in
            let lower = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let upper = Dictionary(uniqueKeysWithValues: zip(names, inputs.dropFirst(names.count)))
            let result = Wavefront([kind.gru(lower), kind.gru(upper)], segmentLength: 2)
                .unroll(lower["x"]!, from: .init([lower["initialHidden"]!, upper["initialHidden"]!]), lengths: [5, 3])
            return result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(check)")
    }

    /// Layers of different kinds, and a cell of one's own among them, which is unrolled layer by layer.
    @Test func takesAnyCell() {
        let built: [AnyCell] = made { binder in
            [
                AnyCell(LSTMCell(inputSize: 3, hiddenSize: 4, projectedSize: 2, &binder["lower"])),
                AnyCell(GRUCell(inputSize: 2, hiddenSize: 6, &binder["middle"])),
            ]
        }
        let own = AnyCell(made { NotesCell(inputSize: 6, hiddenSize: 3, &$0) })
        let x = noise([9, 2, 3], 1, precision: .single).tracked()
        for cells in [built, built + [own]] {
            let plain = StackedCells(cells).unroll(x, lengths: [9, 4])
            let wave = Wavefront(cells, segmentLength: 2).unroll(x, lengths: [9, 4])
            #expect(bits(wave.outputs) == bits(plain.outputs))
            #expect(wave.state.tensors.map(bits) == plain.state.tensors.map(bits))
            let found = [plain, wave].map { gradients(of: weighted($0.outputs), withRespectTo: [x])[0] }
            #expect(difference(found[1], found[0]) < 1e-5)
        }
    }

    /// Two layers of the same weights, which both add to one gradient.
    @Test func layersMayShareTheirWeights() {
        struct Network {
            let cell: LSTMCell
            init(_ binder: inout Binder) { cell = LSTMCell(inputSize: 6, hiddenSize: 6, usesPeepholes: true, &binder) }
        }
        let x = noise([20, 3, 6], 1, precision: .single)
        func found(_ outputs: (LSTMCell) -> Tensor) -> [Float] {
            var model = Model(seed: 2) { Network(&$0) }
            return model.gradients { (weighted(outputs($0.cell)), ()) }.gradients.values
        }
        let plain = found { StackedCells([$0, $0, $0]).unroll(x).outputs }
        let wave = found { Wavefront([$0, $0, $0], segmentLength: 3).unroll(x).outputs }
        #expect(difference(wave.map(Double.init), plain.map(Double.init)) < 1e-5)
    }

    @Test func walkingBackTwiceGivesTheSame() {
        let layers = Self.layers(TestCell(kind: .lstm), hidden: 5, count: 2).map { $0.mapValues { $0.tracked() } }
        let x = layers[0]["x"]!
        let cells = layers.map { TestCell(kind: .lstm).lstm($0) }
        let loss = weighted(Wavefront(cells, segmentLength: 3).unroll(x).outputs)
        let wanted = [x, layers[0]["recurrentWeight"]!, layers[1]["inputWeight"]!]
        let walks = (0..<3).map { _ in gradients(of: loss, withRespectTo: wanted).map(bits) }
        #expect(walks[0] == walks[1] && walks[1] == walks[2])
    }

    @Test func tokensAreGathered() {
        let cells = made { binder in
            (0..<2).map { GRUCell(inputSize: $0 == 0 ? 7 : 5, hiddenSize: 5, &binder["cell", $0]) }
        }
        let ids = tokens([12, 3], below: 7, 1)
        let plain = StackedCells(cells).unroll(ids.oneHot(depth: 7), lengths: [12, 5, 0], direction: .reversed)
        let wave = Wavefront(cells, segmentLength: 5)
            .unroll(ids.oneHot(depth: 7), lengths: [12, 5, 0], direction: .reversed)
        #expect(bits(wave.outputs) == bits(plain.outputs))
        #expect(!wave.outputs.isTracked)
    }

    /// The same as in segments of another Wavefront, from the state that is carried.
    @Test func stateIsCarried() {
        let cells = made { binder in (0..<3).map { LSTMCell(inputSize: 4, hiddenSize: 4, &binder["cell", $0]) } }
        let x = noise([40, 2, 4], 1, precision: .single)
        let wave = Wavefront(cells)
        let whole = wave.unroll(x)
        let first = wave.unroll(x.slice(0..<23))
        let second = wave.unroll(x.slice(23..<40), from: first.state)
        #expect(bits(.concatenated([first.outputs, second.outputs])) == bits(whole.outputs))
        #expect(second.state.tensors.map(bits) == whole.state.tensors.map(bits))
    }

    /// In a process of its own, where nothing else changes the number of threads.
    @Test func threadsDoNotChangeTheBits() async {
        await #expect(processExitsWith: .success) {
            let kind = TestCell(kind: .lstm, peepholes: true)
            let layers = Self.layers(kind, hidden: 17).map { $0.mapValues { $0.converted(to: .single) } }
            let found = onThreads([1, 2, 3, 4, 2]) {
                Self.results(kind, layers, lengths: nil, direction: .forward, segmentLength: 2)
            }
            for other in found.dropFirst() {
                #expect(other.values.map(bits) == found[0].values.map(bits))
                #expect(other.gradients.map(bits) == found[0].gradients.map(bits))
            }
        }
    }
}
