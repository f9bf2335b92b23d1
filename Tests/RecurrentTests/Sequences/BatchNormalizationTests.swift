import TestSupport
import Testing

@testable import Recurrent

@Suite struct BatchNormalizationTests {
    struct Fixtures: Decodable {
        struct Case: Decodable {
            let lengths: [Int]
            let tensors: [String: Fixture.Numbers]
        }
        let batch: Case
    }

    private static func layer(
        _ gain: Tensor, _ bias: Tensor, mean: Tensor? = nil, variance: Tensor? = nil, isTraining: Bool
    ) -> BatchNormalization {
        let sizes = gain.shape
        return BatchNormalization(
            gain: gain, bias: bias, mean: Statistic(value: mean ?? .zeros(sizes), index: 0, sink: nil),
            variance: Statistic(value: variance ?? .ones(sizes), index: 1, sink: nil), isTraining: isTraining)
    }

    /// Three training steps and an evaluation: outputs, gradients and running statistics.
    @Test func isPyTorchsOverTheRowsWithinTheSequences() throws {
        let fixture = try Fixture.decode("normalization", as: Fixtures.self).batch
        let expected = fixture.tensors.mapValues { $0.tensor(.single) }
        var model = Model(seed: 1) { BatchNormalization(size: 2, &$0) }
        model.parameters.set("gain", to: expected["gain"]!.values)
        model.parameters.set("bias", to: expected["bias"]!.values)
        for step in 0..<3 {
            let inputs = expected["\(step).x"]!
            let x = inputs.tracked()
            let found = model.gradients { layer in
                let outputs = layer(x, lengths: fixture.lengths)
                return ((outputs * expected["\(step).outputGradient"]!).sum(), outputs.detached())
            }
            let results = [
                "\(step).outputs": found.other, "\(step).gradient.gain": found.gradients["gain"]!,
                "\(step).gradient.bias": found.gradients["bias"]!, "\(step).mean": model.statistics["mean"]!,
                "\(step).variance": model.statistics["variance"]!,
                "\(step).gradient.x": gradients(
                    of: (Self.layer(expected["gain"]!, expected["bias"]!, isTraining: true)(x, lengths: fixture.lengths)
                        * expected["\(step).outputGradient"]!).sum(), withRespectTo: [x])[0],
            ]
            expectEqual(results, expected.filter { results[$0.key] != nil }, within: 1e-5)
        }
        let evaluated = model.evaluate { $0(expected["3.x"]!, lengths: fixture.lengths) }
        #expect(difference(evaluated, expected["3.outputs"]!) < 1e-5)
        #expect(difference(model.statistics["mean"]!, expected["3.mean"]!) < 1e-6)
    }

    /// In training and outside, with and without padding.
    @Test(arguments: [true, false], [nil, [3, 0, 2], [0, 0, 0]] as [[Int]?])
    func gradientsAgreeWithNumericalOnes(_ isTraining: Bool, lengths: [Int]?) {
        let check = checkGradients(at: [noise([3, 3, 2], 1), noise([2], 2), noise([2], 3)]) { inputs in
            let layer = Self.layer(
                inputs[1], inputs[2], mean: Tensor([0.5, -1]), variance: Tensor([2, 0.5]), isTraining: isTraining)
            return weighted(layer(inputs[0], lengths: lengths))
        }
        #expect(check.largestError < 1e-7, "\(check)")
    }

    /// Padding changes neither outputs, gradients nor statistics, and a batch without steps leaves the statistics
    /// alone.
    @Test func paddingDoesNotCount() {
        func found(_ padding: Float, lengths: [Int]) -> ([Float], [Float], [Float]) {
            var model = Model(seed: 1) { BatchNormalization(size: 2, &$0) }
            var values = noise([3, 2, 2], 4, precision: .single).values
            for t in 1..<3 { for feature in 0..<2 { values[(t * 2 + 1) * 2 + feature] = padding } }
            let x = Tensor(values, shape: [3, 2, 2])
            let step = model.gradients { layer in
                let outputs = layer(x, lengths: lengths)
                return (loss: weighted(outputs), other: outputs.values)
            }
            return (step.other, step.gradients.values, model.statistics.values)
        }
        let clean = found(0, lengths: [3, 1])
        #expect(clean.0[6...7].allSatisfy { $0 == 0 } && clean.2 != [0, 0, 1, 1])
        for padding in [Float(1e30), .nan, .infinity] {
            let other = found(padding, lengths: [3, 1])
            #expect(other.0 == clean.0 && other.1 == clean.1 && other.2 == clean.2)
        }
        let empty = found(.nan, lengths: [0, 0])
        #expect(empty.0.allSatisfy { $0 == 0 } && empty.2 == [0, 0, 1, 1])
    }

    /// Normalising the inputs' product alone (Laurent et al. 2015) trains as a part of a network.
    @Test func normalisedInputsTrain() {
        struct Network {
            let inputWeight: Tensor
            let normalization: BatchNormalization
            let cell: BasicRNNCell
            init(_ binder: inout Binder) {
                inputWeight = binder.weight("inputWeight", [3, 4])
                normalization = BatchNormalization(size: 4, &binder["normalization"])
                cell = BasicRNNCell(
                    inputWeight: Tensor((0..<16).map { $0 % 5 == 0 ? 1 : 0 }, shape: [4, 4]),
                    recurrentWeight: binder.weight("recurrentWeight", [4, 4]), bias: .zeros([4]))
            }
            func callAsFunction(_ x: Tensor) -> Tensor { cell.unroll(normalization(x.matmul(inputWeight))).state }
        }
        var model = Model(seed: 2) { Network(&$0) }
        var optimizer = Adam(learningRate: 0.02)
        let x = noise([5, 8, 3], 1, precision: .single)
        let targets = x[0].slice(axis: 1, 0..<1)
        let losses = (0..<60).map { _ in
            model.train(with: &optimizer) { network in
                meanSquaredError(network(x).slice(axis: 1, 0..<1), targets)
            }.loss
        }
        #expect(losses[59] < 0.5 * losses[0])
        #expect(model.statistics.layout.entries.map(\.name) == ["normalization.mean", "normalization.variance"])
    }
}
