import TestSupport
import Testing

@testable import Recurrent

/// The cells with layer normalisation against their equations written in PyTorch, and against their own steps.
@Suite struct LayerNormCellTests {
    struct Fixtures: Decodable {
        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            let name: String
            let epsilon: Float
            let lengths: [Int]
            let tensors: [String: Fixture.Numbers]
            var testDescription: String { name }
        }
        let cells: [Case]
    }

    private static func cell(_ given: [String: Tensor], epsilon: Float) -> AnyCell {
        func norm(_ name: String) -> LayerNormalization {
            LayerNormalization(gain: given[name + ".gain"]!, bias: given[name + ".bias"]!, epsilon: epsilon)
        }
        let (input, recurrent) = (given["inputWeight"]!, given["recurrentWeight"]!)
        if given["memory.gain"] != nil {
            return AnyCell(
                LayerNormLSTMCell(
                    inputWeight: input, recurrentWeight: recurrent, gates: norm("gates"), memory: norm("memory")))
        }
        return AnyCell(
            LayerNormGRUCell(
                inputWeight: input, recurrentWeight: recurrent, inputGates: norm("inputGates"),
                inputCandidate: norm("inputCandidate"), recurrentGates: norm("recurrentGates"),
                recurrentCandidate: norm("recurrentCandidate")))
    }

    private static let kinds = ["lstm", "gru"]

    private static func fixture(_ kind: String) throws -> Fixtures.Case {
        let all = try Fixture.decode("normalization", as: Fixtures.self).cells
        return try #require(all.first { $0.name == kind })
    }

    private static func given(_ fixture: Fixtures.Case, _ precision: Precision) -> [String: Tensor] {
        fixture.tensors
            .filter { $0.key == "x" || fixture.tensors["gradient." + $0.key] != nil }
            .mapValues { $0.tensor(precision) }
    }

    /// Outputs, state and gradients, by `unroll` and by `step`.
    @Test(arguments: kinds, [false, true])
    func cellsAreTheirEquations(_ kind: String, stepwise: Bool) throws {
        let fixture = try Self.fixture(kind)
        for (precision, tolerance) in [(Precision.double, 1e-7), (.single, 1e-4)] {
            let expected = fixture.tensors.mapValues { $0.tensor(precision) }
            let given = Self.given(fixture, precision).mapValues { $0.tracked() }
            let cell = Self.cell(given, epsilon: fixture.epsilon)
            let result =
                stepwise
                ? cell.unrollStepwise(given["x"]!, lengths: fixture.lengths)
                : cell.unroll(given["x"]!, lengths: fixture.lengths)
            let names = kind == "lstm" ? ["c", "h"] : ["h"]
            var found = ["outputs": result.outputs]
            var loss = (result.outputs * expected["outputGradient"]!).sum()
            for (name, part) in zip(names, result.state.tensors) {
                found[name] = part
                loss = loss + (part * expected[name + "Gradient"]!).sum()
            }
            let keys = given.keys.sorted()
            for (key, gradient) in zip(keys, gradients(of: loss, withRespectTo: keys.map { given[$0]! })) {
                found["gradient." + key] = gradient
            }
            #expect(found.count == (kind == "lstm" ? 10 : 13))
            expectEqual(found, expected.filter { found[$0.key] != nil }, within: tolerance, "\(precision)")
        }
    }

    /// The product with all inputs at once changes nothing, from either end, from given states, with lengths.
    @Test(arguments: kinds, [nil, [4, 0, 2]] as [[Int]?])
    func unrolledEqualsStepwise(_ kind: String, lengths: [Int]?) throws {
        let fixture = try Self.fixture(kind)
        for direction in SequencePropertyTests.directions {
            let runs = [false, true].map { stepwise -> [Tensor] in
                let given = Self.given(fixture, .double).mapValues { $0.tracked() }
                let cell = Self.cell(given, epsilon: fixture.epsilon)
                var seed: UInt64 = 40
                let state = cell.zeroState(batch: 3).map { part in
                    seed += 1
                    return noise(part.shape, seed)
                }
                let result =
                    stepwise
                    ? cell.unrollStepwise(given["x"]!, initialState: state, lengths: lengths, direction: direction)
                    : cell.unroll(given["x"]!, from: state, lengths: lengths, direction: direction)
                let loss = result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
                let all = given.keys.sorted().map { given[$0]! }
                return [result.outputs] + result.state.tensors + gradients(of: loss, withRespectTo: all)
            }
            for (a, b) in zip(runs[0], runs[1]) { #expect(difference(a, b) < 1e-12, "\(direction)") }
        }
    }

    @Test(arguments: kinds, [nil, [4, 0, 2]] as [[Int]?])
    func gradientsAgreeWithNumericalOnes(_ kind: String, lengths: [Int]?) throws {
        let fixture = try Self.fixture(kind)
        let tensors = Self.given(fixture, .double)
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let result = Self.cell(given, epsilon: 0.1).unroll(given["x"]!, lengths: lengths, direction: .reversed)
            return result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(names[check.place.input]) \(check)")
    }

    @Test func parametersHaveTheirNamesAndFirstValues() {
        let model = Model(seed: 1) { binder in
            Stack(
                LayerNormLSTMCell(inputSize: 2, hiddenSize: 3, initialGain: 0.5, &binder["lower"]),
                LayerNormGRUCell(inputSize: 3, hiddenSize: 2, &binder["upper"]))
        }
        #expect(model.parameters["lower.gates.gain"]?.values == Array(repeating: 0.5, count: 12))
        #expect(model.parameters["lower.memory.bias"]?.values == [0, 0, 0])
        #expect(model.parameters["upper.recurrentGates.gain"]?.values == [1, 1, 1, 1])
        #expect(model.parameters.layout.entries.count == 6 + 10)
    }
}
