import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Adaptive softmax: values and gradients as PyTorch's, and one distribution over all classes however it is computed.
@Suite struct AdaptiveSoftmaxTests {
    struct Content: Decodable {
        struct Case: Decodable {
            let inputs, labels, inputGradient, logProbabilities: Fixture.Numbers
            let parameters, gradients: [String: Fixture.Numbers]
            let loss: Double
        }
        let cases: [Case]
    }

    private static func layer(_ values: [String: Tensor]) throws -> AdaptiveSoftmaxOutput {
        let ranges = [6..<12, 12..<20]
        let clusters = try ranges.enumerated().map { number, classes in
            let weight = try #require(values["cluster.\(number).weight"])
            return AdaptiveSoftmaxOutput.Cluster(
                classes: classes, projection: try #require(values["cluster.\(number).projection"]),
                output: Dense(
                    weight: weight,
                    bias: Tensor.zeros([classes.count]).converted(to: weight.precision)))
        }
        return AdaptiveSoftmaxOutput(
            head: Dense(weight: try #require(values["head.weight"]), bias: try #require(values["head.bias"])),
            clusters: clusters)
    }

    @Test(arguments: [Precision.double, .single])
    func lossesAndGradientsArePyTorchs(_ precision: Precision) throws {
        let cases = try Fixture.decode("adaptive_softmax", as: Content.self).cases
        #expect(cases.count == 2 && cases[1].gradients.count < cases[0].gradients.count)
        for fixture in cases {
            let names = fixture.parameters.keys.sorted()
            let values = names.map { fixture.parameters[$0]?.tensor(precision).tracked() }
            let named = Dictionary(uniqueKeysWithValues: zip(names, values.compactMap { $0 }))
            let (layer, x) = (try Self.layer(named), fixture.inputs.tensor(precision).tracked())
            let bound = precision == .double ? 1e-7 : 1e-5
            #expect(difference(layer(x), fixture.logProbabilities.tensor()) < bound)
            let loss = layer.meanLoss(x, labels: fixture.labels.integers)
            #expect(abs(Double(loss.scalar) - fixture.loss) < max(bound, 1e-6))
            let found = gradients(of: loss, withRespectTo: [x] + names.compactMap { named[$0] })
            #expect(difference(found[0], fixture.inputGradient.tensor()) < bound)
            for (name, gradient) in zip(names, found.dropFirst()) {
                let expected = fixture.gradients[name]?.tensor() ?? Tensor.zeros(gradient.shape)
                #expect(difference(gradient, expected) < bound, "\(name)")
            }
        }
    }

    @Test func gradientsAgreeWithCentralDifferences() throws {
        let labels = tokens([2, 3], below: 20, 5)
        let shapes = [[2, 3, 8], [8, 8], [8], [8, 4], [4, 6], [8, 2], [2, 8]]
        let check = checkGradients(at: shapes.enumerated().map { noise($1, UInt64($0)) }) { at in
            AdaptiveSoftmaxOutput(
                head: Dense(weight: at[1], bias: at[2]),
                clusters: [
                    .init(
                        classes: 6..<12, projection: at[3],
                        output: Dense(weight: at[4], bias: noise([6], 11))),
                    .init(classes: 12..<20, projection: at[5], output: Dense(weight: at[6], bias: noise([8], 12))),
                ]
            ).meanLoss(at[0], labels: labels)
        }
        #expect(check.largestError < 1e-7, "\(check)")
    }

    struct Network {
        let output: AdaptiveSoftmaxOutput
        init(cutoffs: [Int], _ binder: inout Binder) {
            output = AdaptiveSoftmaxOutput(inputSize: 16, classes: 100, cutoffs: cutoffs, &binder["output"])
        }
    }

    /// Probabilities sum to one, are those of the loss, and those of the flattened layer; before training they are close
    /// to what Zipf's law says.
    @Test(arguments: [[], [10], [10, 30], [1, 2, 99]])
    func itIsOneDistribution(cutoffs: [Int]) throws {
        let model = Model(seed: 3) { Network(cutoffs: cutoffs, &$0) }
        let x = noise([4, 16], 1).converted(to: .single)
        model.evaluate { network in
            #expect(network.output.classes == 100)
            let logarithms = network.output(x)
            #expect(logarithms.shape == [4, 100])
            let labels = IntegerTensor([0, 10, 98, 99])
            let loss = network.output.meanLoss(x, labels: labels).scalar
            let expected = labels.values.enumerated().map { logarithms[$0].values[Int($1)] }.reduce(0, +) / -4
            #expect(abs(loss - expected) < 1e-5)
            let flattened = network.output.flattened(x)
            var logits: [Float] = []
            for row in 0..<4 {
                let own = logarithms[row].values
                #expect(abs(own.reduce(0) { $0 + exp($1) } - 1) < 1e-5)
                flattened[row].withUnsafeValues { network.output.logits(ofAll: $0, into: &logits) }
                #expect(logits.count == 100)
                let found = Tensor(logits, shape: [1, 100]).logSoftmax().values
                #expect(zip(found, own).allSatisfy { abs($0 - $1) < 1e-4 })
            }
            let start = network.output(Tensor.zeros([1, 16])).values
            let law = LogUniformSampler(classes: 100)
            for (place, value) in start.enumerated() {
                #expect(abs(Double(exp(value)) - law.probability(of: place)) < 1e-6)
            }
        }
    }

    @Test func cutoffsRise() {
        #expect(AdaptiveSoftmaxOutput.areRising([], below: 1) && AdaptiveSoftmaxOutput.areRising([1, 4], below: 5))
        for cutoffs in [[0], [5], [3, 3], [4, 2], [-1, 2], [2, 7]] {
            #expect(!AdaptiveSoftmaxOutput.areRising(cutoffs, below: 5))
        }
    }
}
