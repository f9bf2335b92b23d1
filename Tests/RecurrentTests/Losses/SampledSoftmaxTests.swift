import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Sampled softmax: values and gradients as TensorFlow's, expected counts, and what is expected of its gradient.
@Suite struct SampledSoftmaxTests {
    struct Content: Decodable {
        struct Loss: Decodable {
            let weights, biases, inputs, labels, sampled, losses, resultGradient: Fixture.Numbers
            let labelExpectedCounts, expectedCounts: [Double]
            let gradients: [String: Fixture.Numbers]

            var candidates: SampledCandidates {
                SampledCandidates(
                    classes: sampled.integers, expectedCounts: expectedCounts,
                    labelExpectedCounts: labelExpectedCounts)
            }
        }
        struct Counts: Decodable {
            let classes, count, tries: Int
            let isUnique: Bool
            let labels: [Int]
            let labelExpectedCounts, expectedCounts: [Double]
            let drawn: [Int]
        }
        let sampledSoftmax: [Loss]
        let expectedCounts: [Counts]
    }

    private func content() throws -> Content { try Fixture.decode("sparse") }

    @Test(arguments: [Precision.double, .single])
    func lossesAndGradientsAreTensorFlows(_ precision: Precision) throws {
        let cases = try content().sampledSoftmax
        #expect(cases.count == 3)
        for fixture in cases {
            let inputs = [fixture.weights, fixture.biases, fixture.inputs].map { $0.tensor(precision).tracked() }
            let losses = sampledSoftmaxLoss(
                weights: inputs[0], biases: inputs[1], inputs: inputs[2], labels: fixture.labels.integers,
                candidates: fixture.candidates)
            let bound = precision == .double ? 1e-7 : 2e-6
            #expect(difference(losses, fixture.losses.tensor()) < bound)
            let sum = (losses * fixture.resultGradient.tensor(precision)).sum()
            let found = gradients(of: sum, withRespectTo: inputs)
            for (index, name) in ["weights", "biases", "inputs"].enumerated() {
                let expected = try #require(fixture.gradients[name])
                #expect(difference(found[index], expected.tensor()) < bound, "\(name)")
            }
        }
    }

    @Test func gradientsAgreeWithCentralDifferences() {
        let labels = tokens([2, 3], below: 9, 5)
        var random = RandomSource(seed: 8)
        let candidates = LogUniformSampler(classes: 9).distinct(5, labels: labels, random: &random)
        let check = checkGradients(at: [noise([9, 4], 1), noise([9], 2), noise([2, 3, 4], 3)]) {
            weighted(
                sampledSoftmaxLoss(
                    weights: $0[0], biases: $0[1], inputs: $0[2], labels: labels, candidates: candidates))
        }
        #expect(check.largestError < 1e-7, "\(check)")
    }

    @Test func probabilitiesAreLogUniform() {
        let sampler = LogUniformSampler(classes: 50)
        let probabilities = (0..<50).map { sampler.probability(of: $0) }
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
        var random = RandomSource(seed: 3)
        let none = IntegerTensor([Int32](), shape: [0])
        let drawn = sampler.withReplacement(200_000, labels: none, random: &random).classes.values
        for index in [0, 1, 7, 49] {
            let expected = probabilities[index] * 200_000
            let count = Double(drawn.count { $0 == Int32(index) })
            #expect(abs(count - expected) < 5 * expected.squareRoot(), "class \(index)")
        }
        #expect(LogUniformSampler(classes: 1).probability(of: 0) == 1)
    }

    /// Counts as TensorFlow reports them for its own draws, given the number of tries that these took.
    @Test func expectedCountsAreTensorFlows() throws {
        let cases = try content().expectedCounts
        #expect(cases.count == 3 && cases.contains { $0.isUnique && $0.tries > $0.count })
        for fixture in cases {
            let sampler = LogUniformSampler(classes: fixture.classes)
            func count(_ index: Int) -> Double {
                let p = sampler.probability(of: index)
                return fixture.isUnique ? -expm1(Double(fixture.tries) * log1p(-p)) : Double(fixture.count) * p
            }
            #expect(difference(fixture.drawn.map(count), fixture.expectedCounts) < 2e-5)
            #expect(difference(fixture.labels.map(count), fixture.labelExpectedCounts) < 2e-5)
        }
    }

    /// How often classes are really drawn is what the counts say.
    @Test func countsAreWhatIsDrawn() {
        let sampler = LogUniformSampler(classes: 40)
        let labels = IntegerTensor(Array(0..<40))
        for isDistinct in [true, false] {
            var random = RandomSource(seed: 6)
            var drawn = [Double](repeating: 0, count: 40)
            var expected = drawn
            for _ in 0..<4000 {
                let candidates =
                    isDistinct
                    ? sampler.distinct(12, labels: labels, random: &random)
                    : sampler.withReplacement(12, labels: labels, random: &random)
                #expect(candidates.classes.count == 12)
                if isDistinct { #expect(Set(candidates.classes.values).count == 12) }
                for (place, index) in candidates.classes.values.enumerated() {
                    drawn[Int(index)] += 1
                    #expect(candidates.expectedCounts[place] == candidates.labelExpectedCounts[Int(index)])
                }
                for index in expected.indices { expected[index] += candidates.labelExpectedCounts[index] }
            }
            for index in drawn.indices {
                // The number of tries depends on what is drawn, which makes counts of distinct classes approximate.
                let bound =
                    isDistinct
                    ? 0.03 * expected[index] + 5 * expected[index].squareRoot() : 5 * expected[index].squareRoot()
                #expect(abs(drawn[index] - expected[index]) < bound, "class \(index), distinct \(isDistinct)")
            }
        }
    }

    @Test func allClassesCanBeDrawn() {
        var random = RandomSource(seed: 9)
        let candidates = LogUniformSampler(classes: 7).distinct(7, labels: IntegerTensor([3]), random: &random)
        #expect(Set(candidates.classes.values) == Set(0..<7))
        #expect(candidates.expectedCounts.allSatisfy { $0 > 0 && $0 <= 1 })
    }

    /// What the gradient with respect to the logits is on average over draws, for labels that are weighted.
    private struct Expectation {
        static let classes = 20
        let weights = noise([Expectation.classes, 3], 21)
        /// Common words are likelier, as in a text.
        let biases = Tensor((0..<Expectation.classes).map { -log(Double($0) + 2) }, shape: [classes])
        let inputs = Tensor.concatenated(Array(repeating: noise([1, 3], 22), count: Expectation.classes))
        let labels = IntegerTensor(Array(0..<Expectation.classes))

        var probabilities: Tensor { (inputs[0].reshaped([1, 3]).matmul(weights.transposed()) + biases).softmax() }

        func gradient(samples: Int, labelWeights: Tensor, isCorrected: Bool) -> [Double] {
            var random = RandomSource(seed: 23)
            let draws = 1500
            var sum = [Double](repeating: 0, count: Self.classes)
            let ones = [Double](repeating: 1, count: Self.classes)
            for _ in 0..<draws {
                var candidates = LogUniformSampler(classes: Self.classes).distinct(
                    samples, labels: labels, random: &random)
                if !isCorrected {
                    candidates = SampledCandidates(
                        classes: candidates.classes, expectedCounts: Array(ones.prefix(samples)),
                        labelExpectedCounts: ones)
                }
                let tracked = biases.tracked()
                let losses = sampledSoftmaxLoss(
                    weights: weights, biases: tracked, inputs: inputs, labels: labels, candidates: candidates)
                let found = gradients(of: (losses * labelWeights).sum(), withRespectTo: [tracked])[0].doubles
                for index in sum.indices { sum[index] += found[index] / Double(draws) }
            }
            return sum
        }
    }

    /// For labels that are distributed as the model says, the gradient of the full softmax is zero, and so is the
    /// expected one of the sampled: what is learned is the same. Without the correction it is not.
    @Test func theExpectedGradientVanishesWhereTheModelIsRight() {
        let e = Expectation()
        let p = e.probabilities.reshaped([Expectation.classes])
        let corrected = e.gradient(samples: 6, labelWeights: p, isCorrected: true)
        let uncorrected = e.gradient(samples: 6, labelWeights: p, isCorrected: false)
        #expect(corrected.map(abs).max() ?? .infinity < 0.03, "\(corrected)")
        #expect(uncorrected.map(abs).max() ?? 0 > 0.05, "\(uncorrected)")
    }

    /// For any label, the expected gradient approaches that of the full softmax as more classes are drawn.
    @Test func theExpectedGradientApproachesThatOfTheFullSoftmax() {
        let e = Expectation()
        var weights = [Double](repeating: 0, count: Expectation.classes)
        weights[5] = 1
        let label = Tensor(weights, shape: [Expectation.classes])
        let full = (e.probabilities.reshaped([Expectation.classes]) - label).doubles
        func apart(_ samples: Int) -> Double {
            let found = e.gradient(samples: samples, labelWeights: label, isCorrected: true)
            return zip(found, full).map { abs($0 - $1) }.max() ?? .infinity
        }
        let distances = [apart(3), apart(10), apart(15), apart(19)]
        #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 > 1.2 * $1 }, "\(distances)")
        #expect(distances[0] > 0.1 && distances[3] < 0.05, "\(distances)")
    }

    /// Training steps estimate the loss and move few rows; evaluation takes all classes.
    @Test func theLayerSamplesInTrainingOnly() throws {
        let (inputs, labels) = (noise([2, 3, 4], 31, precision: .single), tokens([2, 3], below: 30, 32))
        var model = Model(seed: 5) { SampledSoftmaxOutput(inputSize: 4, classes: 30, samples: 6, &$0) }
        let (found, full) = model.evaluate { layer in
            (layer.loss(inputs, labels: labels), sparseSoftmaxCrossEntropy(logits: layer(inputs), labels: labels))
        }
        #expect(bits(found) == bits(full))
        var optimizer = Adam(learningRate: 0.1)
        let before = model
        var steps: [Float] = []
        for _ in 0..<2 {
            var again = before
            steps.append(again.train(with: &optimizer) { $0.loss(inputs, labels: labels).mean() }.loss)
            model = again
        }
        #expect(steps[0] == steps[1] && steps[0] < full.mean().scalar)
        let bias = try #require(model.parameters["bias"]).values
        let moved = bias.count { $0 != 0 }
        #expect(moved >= 6 && moved <= 12)
        #expect(Set(labels.values).allSatisfy { bias[Int($0)] != 0 })
        let loss = model.train(with: &optimizer) { $0.loss(inputs, labels: labels).mean() }.loss
        #expect(loss != steps[0])
    }
}
