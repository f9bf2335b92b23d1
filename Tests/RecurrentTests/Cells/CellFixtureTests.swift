import TestSupport
import Testing

@testable import Recurrent

/// Values and gradients of PyTorch's, TensorFlow 1's and Keras's cells, from `Fixtures/make_cells_*.py`.
@Suite struct CellFixtureTests {
    struct Case: Decodable {
        struct Options: Decodable {
            let activation: String?
            let resetAfter: Bool?
            let peepholes: Bool?
            let forgetBias: Float?
            let cellClip: Float?
        }

        let name: String
        let cell: String
        let options: Options
        let shape: [String: Int]
        let lengths: [Int]?
        let reversed: Bool
        let tensors: [String: Fixture.Numbers]

        var testCell: TestCell {
            let kind: TestCell.Kind =
                switch cell {
                case "lstm": .lstm
                case "gru": options.resetAfter == true ? .resetAfter : .resetBefore
                default: options.activation == "relu" ? .relu : .tanh
                }
            return TestCell(
                kind: kind, forgetBias: options.forgetBias ?? 0, peepholes: options.peepholes ?? false,
                projected: shape["projection"] != nil, cellClip: options.cellClip)
        }

        static let givenNames = [
            "x", "inputWeight", "recurrentWeight", "bias", "recurrentBias", "peepholes", "projection",
            "initialHidden", "initialCell",
        ]

        /// What the case's loss gives, under the fixture's names.
        func results(_ precision: Precision, stepwise: Bool) -> [String: Tensor] {
            let given = tensors.filter { Self.givenNames.contains($0.key) }.mapValues {
                $0.tensor(precision).tracked()
            }
            let (outputs, state) = testCell.unroll(
                given, lengths: lengths, direction: reversed ? .reversed : .forward, stepwise: stepwise)
            var all = ["outputs": outputs.detached()]
            var loss = (outputs * tensors["outputGradient"]!.tensor(precision)).sum()
            for (name, part) in zip(["finalHidden", "finalCell"], state) {
                all[name] = part.detached()
                loss = loss + (part * tensors[name + "Gradient"]!.tensor(precision)).sum()
            }
            let names = given.keys.sorted()
            for (name, gradient) in zip(names, gradients(of: loss, withRespectTo: names.map { given[$0]! })) {
                all["gradient." + name] = gradient
            }
            return all
        }
    }

    @Test(arguments: [
        ("cells_pytorch", 13), ("cells_pytorch_wide_lstm", 1), ("cells_pytorch_wide_gru", 1),
        ("cells_pytorch_wide_rnn", 2), ("cells_tensorflow", 13),
    ])
    func cellsAreThoseOfTheOthers(_ file: String, count: Int) throws {
        let cases: [Case] = try Fixture.decode(file)
        #expect(cases.count == count)
        for fixture in cases {
            for (precision, tolerance) in [(Precision.double, 1e-7), (.single, 1e-5)] {
                for stepwise in [false, true] {
                    let found = fixture.results(precision, stepwise: stepwise)
                    let expected = fixture.tensors.filter { name, _ in
                        name == "outputs" || name == "finalHidden" || name == "finalCell"
                            || name.hasPrefix("gradient.")
                    }
                    #expect(expected.count >= 7)
                    expectEqual(
                        found, expected.mapValues { $0.tensor() }, within: tolerance,
                        "\(fixture.name) \(precision) stepwise \(stepwise)")
                }
            }
        }
    }
}
