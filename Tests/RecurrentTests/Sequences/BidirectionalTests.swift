import TestSupport
import Testing

@testable import Recurrent

@Suite struct BidirectionalTests {
    struct Fixtures: Decodable {
        struct Case: Decodable {
            let name: String
            let lengths: [Int]?
            let tensors: [String: Fixture.Numbers]
        }
        let pytorch: [Case]
        let keras: [String: Fixture.Numbers]
    }

    private static func lstm(_ given: [String: Tensor], _ prefix: String) -> LSTMCell {
        LSTMCell(
            inputWeight: given[prefix + "inputWeight"]!, recurrentWeight: given[prefix + "recurrentWeight"]!,
            bias: given[prefix + "bias"]!, forgetBias: 0)
    }

    private static func isGiven(_ name: String) -> Bool {
        name == "x" || ["Weight", "bias"].contains { name.hasSuffix($0) } && !name.hasPrefix("gradient.")
    }

    /// Outputs, all layers' final states and all gradients.
    @Test(arguments: [(Precision.double, 1e-8), (.single, 1e-5)])
    func twoLayersArePyTorchs(_ precision: Precision, tolerance: Double) throws {
        let cases = try Fixture.decode("bidirectional", as: Fixtures.self).pytorch
        #expect(cases.map(\.lengths) == [nil, [5, 2, 4]])
        for fixture in cases {
            let expected = fixture.tensors.mapValues { $0.tensor(precision) }
            let given = expected.filter { Self.isGiven($0.key) }.mapValues { $0.tracked() }
            #expect(given.count == 13)
            let layers = StackedBidirectional(
                (0..<2).map { layer in
                    Bidirectional(
                        forward: Self.lstm(given, "\(layer).forward."), backward: Self.lstm(given, "\(layer).backward.")
                    )
                })
            let result = layers.unroll(given["x"]!, lengths: fixture.lengths)
            #expect(bits(layers(given["x"]!, lengths: fixture.lengths)) == bits(result.outputs))
            var found = ["outputs": result.outputs]
            var loss = (result.outputs * expected["outputGradient"]!).sum()
            for (layer, state) in result.state.layers.enumerated() {
                for (direction, part) in [("forward", state.forward), ("backward", state.backward)] {
                    for (name, tensor) in [("c", part.c), ("h", part.h)] {
                        let key = "\(layer).\(direction).\(name)"
                        found[key] = tensor
                        loss = loss + (tensor * expected[key + "Gradient"]!).sum()
                    }
                }
            }
            let names = given.keys.sorted()
            for (name, gradient) in zip(names, gradients(of: loss, withRespectTo: names.map { given[$0]! })) {
                found["gradient." + name] = gradient
            }
            #expect(found.count == 1 + 8 + 13)
            expectEqual(found, expected.filter { found[$0.key] != nil }, within: tolerance, fixture.name)
        }
    }

    @Test func mergesAreKerass() throws {
        let given = try Fixture.decode("bidirectional", as: Fixtures.self).keras.mapValues { $0.tensor() }
        for merge in [BidirectionalMerge.concatenated, .summed, .averaged] {
            let layer = Bidirectional(
                forward: Self.lstm(given, "forward."), backward: Self.lstm(given, "backward."), merge: merge)
            #expect(difference(layer(given["x"]!), given[merge.rawValue]!) < 1e-8, "\(merge)")
        }
    }

    /// A layer is two runs by hand: of different cells, from given states, with lengths.
    @Test(arguments: [nil, [6, 0, 2, 5]] as [[Int]?])
    func equalsTwoRunsByHand(_ lengths: [Int]?) {
        let x = noise([6, 4, 3], 8, precision: .single)
        let forward = made(1) { LSTMCell(inputSize: 3, hiddenSize: 4, &$0) }
        let backward = made(2) { NotesCell(inputSize: 3, hiddenSize: 5, &$0) }
        let layer = Bidirectional(forward: forward, backward: backward)
        let initial = Bidirectional<LSTMCell, NotesCell>.State(
            forward: LSTMState(c: noise([4, 4], 1, precision: .single), h: noise([4, 4], 2, precision: .single)),
            backward: noise([4, 5], 3, precision: .single))
        for state in [nil, initial] {
            let both = layer.unrollSeparately(x, from: state, lengths: lengths)
            let one = forward.unroll(x, from: state?.forward, lengths: lengths)
            let other = backward.unroll(x, from: state?.backward, lengths: lengths, direction: .reversed)
            #expect(bits(both.forward.outputs) == bits(one.outputs))
            #expect(bits(both.backward.outputs) == bits(other.outputs))
            let merged = layer.unroll(x, from: state, lengths: lengths)
            #expect(bits(merged.outputs) == bits(.concatenated([one.outputs, other.outputs], axis: 2)))
            #expect(merged.state.tensors.map(bits) == (one.state.tensors + [other.state]).map(bits))
        }
    }

    /// What each direction has seen: a change of one step's input reaches the forward outputs from there on, and the
    /// backward ones up to there.
    @Test func directionsSeePastAndFuture() {
        let layer = made { binder in
            Bidirectional(
                forward: GRUCell(inputSize: 1, hiddenSize: 2, &binder["forward"]),
                backward: GRUCell(inputSize: 1, hiddenSize: 2, &binder["backward"]))
        }
        var values: [Float] = [1, 2, 3, 4, 5]
        let before = layer.unrollSeparately(Tensor(values, shape: [5, 1, 1]), lengths: [4])
        values[2] = -1
        let after = layer.unrollSeparately(Tensor(values, shape: [5, 1, 1]), lengths: [4])
        func changed(_ a: Tensor, _ b: Tensor) -> [Bool] { (0..<5).map { a[$0].values != b[$0].values } }
        #expect(changed(before.forward.outputs, after.forward.outputs) == [false, false, true, true, false])
        #expect(changed(before.backward.outputs, after.backward.outputs) == [true, true, true, false, false])
    }

    @Test(arguments: [BidirectionalMerge.concatenated, .summed, .averaged], [nil, [3, 0, 2]] as [[Int]?])
    func gradientsAgreeWithNumericalOnes(_ merge: BidirectionalMerge, lengths: [Int]?) {
        let kinds = [TestCell(kind: .lstm), TestCell(kind: .tanh)]
        let size = TestCell.Size(time: 3, hidden: 3)
        let forward = kinds[0].tensors(size, seed: 1, initialState: false)
        let backward = kinds[1].tensors(size, seed: 2, initialState: false)
        let names = forward.keys.sorted()
        let others = backward.keys.filter { $0 != "x" }.sorted()
        let check = checkGradients(at: names.map { forward[$0]! } + others.map { backward[$0]! }) { inputs in
            let first = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let second = Dictionary(uniqueKeysWithValues: zip(others, inputs.dropFirst(names.count)))
            let layer = Bidirectional(forward: kinds[0].lstm(first), backward: kinds[1].basic(second), merge: merge)
            let result = layer.unroll(first["x"]!, lengths: lengths)
            return result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(check)")
    }

    /// Layers of different kinds feed one another, whatever stands in the padding.
    @Test func layersOfDifferentKindsFeedOneAnother() {
        let layers: [any SequenceLayer] = [
            made { binder in
                Bidirectional(
                    forward: LSTMCell(inputSize: 3, hiddenSize: 2, &binder["forward"]),
                    backward: LSTMCell(inputSize: 3, hiddenSize: 2, &binder["backward"]))
            },
            made { binder in
                StackedBidirectional([
                    Bidirectional(
                        forward: GRUCell(inputSize: 4, hiddenSize: 3, &binder["forward"]),
                        backward: Residual(GRUCell(inputSize: 4, hiddenSize: 4, &binder["backward"])))
                ])
            },
        ]
        var values = noise([4, 2, 3], 5, precision: .single).values
        func outputs() -> Tensor {
            layers.reduce(Tensor(values, shape: [4, 2, 3])) { flowing, layer in layer(flowing, lengths: [4, 2]) }
        }
        let clean = outputs()
        #expect(clean.shape == [4, 2, 7])
        for t in 2..<4 { for feature in 0..<3 { values[(t * 2 + 1) * 3 + feature] = .nan } }
        #expect(bits(outputs()) == bits(clean))
        #expect(clean.slice(2..<4).slice(axis: 1, 1..<2).values.allSatisfy { $0 == 0 })
    }
}
