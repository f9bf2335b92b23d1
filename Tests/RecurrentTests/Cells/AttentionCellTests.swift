import TestSupport
import Testing

@testable import Recurrent

@Suite struct AttentionCellTests {
    /// Everything that an LSTM with attention computes from.
    private static func tensors(_ kind: AttentionKind, precision: Precision = .double) -> [String: Tensor] {
        var tensors = TestAttention(kind: kind).tensors(precision: precision)
        let (features, hidden) = (tensors["states"]!.shape[2], TestAttention.query)
        tensors["queries"] = nil
        let shapes = [
            "x": [4, TestAttention.batch, 3], "inputWeight": [3 + features, 4 * hidden],
            "recurrentWeight": [hidden, 4 * hidden], "bias": [4 * hidden], "c": [TestAttention.batch, hidden],
            "h": [TestAttention.batch, hidden],
        ]
        for (place, (name, shape)) in shapes.sorted(by: { $0.key < $1.key }).enumerated() {
            tensors[name] = noise(shape, UInt64(60 + place), scale: 0.5, precision: precision)
        }
        return tensors
    }

    private static func cell(_ given: [String: Tensor], _ kind: AttentionKind) -> AttentionCell<LSTMCell> {
        AttentionCell(
            LSTMCell(
                inputWeight: given["inputWeight"]!, recurrentWeight: given["recurrentWeight"]!, bias: given["bias"]!,
                forgetBias: 0), memory: TestAttention(kind: kind).memory(given, [4, 1, 2]))
    }

    private static func start(
        _ given: [String: Tensor], _ cell: AttentionCell<LSTMCell>
    ) -> AttentionCell<LSTMCell>.State {
        cell.state(from: LSTMState(c: given["c"]!, h: given["h"]!))
    }

    @Test(arguments: AttentionKind.allCases, [nil, [4, 0, 2]] as [[Int]?])
    func gradientsAgreeWithNumericalOnes(_ kind: AttentionKind, lengths: [Int]?) {
        let tensors = Self.tensors(kind)
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let cell = Self.cell(given, kind)
            let (result, weights) = cell.unrollWithWeights(
                given["x"]!, from: Self.start(given, cell), lengths: lengths)
            let loss = weighted(result.outputs) + weighted(weights, 7)
            return result.state.tensors.reduce(loss) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(names[check.place.input]) \(check)")
    }

    @Test func weightsOfEveryStepAreGivenAndThePaddingIsZero() {
        let given = Self.tensors(.additive)
        let cell = Self.cell(given, .additive)
        let start = Self.start(given, cell)
        let (result, weights) = cell.unrollWithWeights(given["x"]!, from: start, lengths: [4, 0, 2])
        #expect(weights.shape == [4, 3, 4])
        #expect(bits(weights[3].slice(0..<1)) == bits(result.state.weights.slice(0..<1)))
        #expect(bits(weights[1].slice(2..<3)) == bits(result.state.weights.slice(2..<3)))
        #expect(weights[2].slice(1..<3).doubles.allSatisfy { $0 == 0 })
        #expect(result.state.context.slice(1..<2).doubles.allSatisfy { $0 == 0 }, "a sequence without steps")
        let plain = cell.unroll(given["x"]!, from: start, lengths: [4, 0, 2])
        #expect(bits(plain.outputs) == bits(result.outputs))
        #expect(cell.zeroState(batch: 3).context.shape == result.state.context.shape)
    }

    /// A step's context is what the next step reads, and the outputs are the hidden state and the context.
    @Test func theContextIsFedToTheNextStep() {
        let given = Self.tensors(.general)
        let cell = Self.cell(given, .general)
        let steps = given["x"]!.unstacked()
        let first = cell.step(steps[0], state: Self.start(given, cell))
        let (context, _) = cell.memory(first.state.cell.h)
        #expect(bits(first.output) == bits(.concatenated([first.state.cell.h, context], axis: 1)))
        let second = cell.step(steps[1], state: first.state)
        let byHand = cell.cell.step(.concatenated([steps[1], context], axis: 1), state: first.state.cell)
        #expect(difference(second.state.cell.h, byHand.state.h) < 1e-12)
    }

    /// Bahdanau's recurrence, with the context fed, written out in PyTorch.
    @Test func outputsAndGradientsArePyTorchs() throws {
        let cases = try Fixture.decode("attention", as: AttentionTests.Fixtures.self).cells
        #expect(cases.map(\.kind) == [.additive, .general])
        for fixture in cases {
            let expected = fixture.tensors.mapValues { $0.tensor() }
            let names = Self.tensors(fixture.kind).keys.sorted()
            let given = expected.filter { names.contains($0.key) }.mapValues { $0.tracked() }
            #expect(given.count == names.count)
            let memory = TestAttention(kind: fixture.kind).memory(given, fixture.lengths)
            let cell = AttentionCell(
                LSTMCell(
                    inputWeight: given["inputWeight"]!, recurrentWeight: given["recurrentWeight"]!,
                    bias: given["bias"]!, forgetBias: 0), memory: memory)
            let (result, weights) = cell.unrollWithWeights(given["x"]!, from: Self.start(given, cell))
            var found = ["outputs": result.outputs, "weights": weights]
            let loss = (result.outputs * expected["outputsGradient"]!).sum()
            for (name, gradient) in zip(names, gradients(of: loss, withRespectTo: names.map { given[$0]! })) {
                found["gradient." + name] = gradient
            }
            expectEqual(found, expected.filter { found[$0.key] != nil }, within: 1e-8, fixture.kind.rawValue)
            #expect(found.count == 2 + names.count)
        }
    }
}
