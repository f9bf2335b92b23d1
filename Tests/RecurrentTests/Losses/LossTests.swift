import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Losses and accuracies as PyTorch computes them, from `Fixtures/make_losses.py`, and their edges.
@Suite struct LossTests {
    struct Content: Decodable {
        struct CrossEntropy: Decodable {
            let logits, targets, losses, gradientOfMean: Fixture.Numbers
            let mean: Double
        }
        struct SequenceLoss: Decodable {
            struct Result: Decodable { let result, resultGradient, gradient: Fixture.Numbers }
            let logits, targets, weights: Fixture.Numbers
            let averages: [String: Result]
        }
        struct SquaredError: Decodable {
            let predictions, targets, gradientOfMean: Fixture.Numbers
            let mean: Double
        }
        struct SigmoidCrossEntropy: Decodable {
            let logits, targets, losses, gradientOfMean: Fixture.Numbers
        }
        struct Accuracy: Decodable {
            struct Top: Decodable {
                let k: Int
                let accuracy: Double
            }
            let logits, targets: Fixture.Numbers
            let topK: [Top]
        }
        let softmaxCrossEntropy: CrossEntropy
        let sequenceLoss: SequenceLoss
        let meanSquaredError: SquaredError
        let accuracy: Accuracy
        let sigmoidCrossEntropy: SigmoidCrossEntropy
    }

    static let precisions: [(Precision, Double)] = [(.single, 1e-5), (.double, 1e-7)]

    @Test(arguments: precisions)
    func crossEntropyIsThatOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("losses", as: Content.self).softmaxCrossEntropy
        let logits = fixture.logits.tensor(precision).tracked()
        let losses = sparseSoftmaxCrossEntropy(logits: logits, labels: fixture.targets.integers)
        #expect(difference(losses, fixture.losses.tensor()) < tolerance)
        #expect(abs(losses.mean().doubles[0] - fixture.mean) < tolerance)
        let gradient = gradients(of: losses.mean(), withRespectTo: [logits])[0]
        #expect(difference(gradient, fixture.gradientOfMean.tensor()) < tolerance)
    }

    @Test(arguments: precisions)
    func sequenceLossesAreThoseOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("losses", as: Content.self).sequenceLoss
        let functions: [(String, (Tensor, IntegerTensor, Tensor?) -> Tensor)] = [
            ("everything", { sequenceLoss(logits: $0, targets: $1, weights: $2) }),
            ("perTimeStep", { sequenceLossPerStep(logits: $0, targets: $1, weights: $2) }),
            ("perExample", { sequenceLossPerSequence(logits: $0, targets: $1, weights: $2) }),
            ("none", { sequenceLossPerElement(logits: $0, targets: $1, weights: $2) }),
        ]
        #expect(fixture.averages.count == functions.count)
        for (name, function) in functions {
            let expected = try #require(fixture.averages[name])
            let logits = fixture.logits.tensor(precision).tracked()
            let loss = function(logits, fixture.targets.integers, fixture.weights.tensor(precision))
            #expect(difference(loss, expected.result.tensor()) < tolerance, "\(name)")
            let found = gradients(
                of: (loss * expected.resultGradient.tensor(precision)).sum(), withRespectTo: [logits])[0]
            #expect(difference(found, expected.gradient.tensor()) < tolerance, "\(name)")
            let unweighted = function(logits, fixture.targets.integers, nil)
            let ones = function(logits, fixture.targets.integers, .ones(fixture.weights.shape, precision: precision))
            #expect(difference(unweighted, ones) < 1e-6, "\(name): no weights are weights of 1")
        }
    }

    /// A sequence whose weights are all zero has the loss 0, as TensorFlow's 1e-12 makes it.
    @Test func weightsOfZeroGiveALossOfZero() {
        let logits = noise([2, 2, 3], 1, precision: .single).tracked()
        let targets = IntegerTensor([0, 1, 2, 0], shape: [2, 2])
        let loss = sequenceLoss(logits: logits, targets: targets, weights: .zeros([2, 2]))
        #expect(loss.scalar == 0)
        #expect(gradients(of: loss, withRespectTo: [logits])[0].values.allSatisfy { $0 == 0 })
        let mixed = sequenceLossPerSequence(
            logits: logits, targets: targets, weights: Tensor([[1, 0], [1, 0]]))
        #expect(mixed.values[0] > 0 && mixed.values[1] == 0)
    }

    /// The course notes' three losses.
    @Test(
        arguments: [
            ([[0.2, 0.7], [0.6, 0.2], [0.2, 0.9]], 0.596759), ([[0.3, 0.7], [0.3, 0.7], [0.3, 0.7]], 0.513015),
            ([[0.1, 0.9], [0.1, 0.9], [0.1, 0.9]], 0.371101),
        ] as [([[Float]], Float)])
    func sequenceLossIsThatOfTheNotes(_ rows: [[Float]], expected: Float) {
        let loss = sequenceLoss(
            logits: Tensor(rows).reshaped([3, 1, 2]), targets: IntegerTensor([1, 1, 1], shape: [3, 1]),
            weights: .ones([3, 1]))
        #expect(abs(loss.scalar - expected) < 1e-6)
    }

    @Test(arguments: precisions)
    func meanSquaredErrorIsThatOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("losses", as: Content.self).meanSquaredError
        let predictions = fixture.predictions.tensor(precision).tracked()
        let loss = meanSquaredError(predictions, fixture.targets.tensor(precision))
        #expect(abs(loss.doubles[0] - fixture.mean) < tolerance)
        let found = gradients(of: loss, withRespectTo: [predictions])[0]
        #expect(difference(found, fixture.gradientOfMean.tensor()) < tolerance)
    }

    @Test(arguments: precisions)
    func sigmoidCrossEntropyIsThatOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("losses", as: Content.self).sigmoidCrossEntropy
        let logits = fixture.logits.tensor(precision).tracked()
        let losses = sigmoidCrossEntropy(logits: logits, targets: fixture.targets.tensor(precision))
        #expect(difference(losses, fixture.losses.tensor()) < tolerance)
        let found = gradients(of: losses.mean(), withRespectTo: [logits])[0]
        #expect(difference(found, fixture.gradientOfMean.tensor()) < tolerance)
    }

    @Test func sigmoidCrossEntropyHasItsGradientAndNoOverflow() {
        let targets = Tensor([[0, 1, 0.25], [1, 0, 0.5]])
        let check = checkGradients(at: [noise([2, 3], 4)]) { inputs in
            (sigmoidCrossEntropy(logits: inputs[0], targets: targets.converted(to: .double)) * 1.5).sum()
        }
        #expect(check.largestError < 1e-8, "\(check)")
        let logits = Tensor([[1000, 1000, 0], [-1000, -1000, 20]]).tracked()
        let losses = sigmoidCrossEntropy(logits: logits, targets: Tensor([[1, 0, 1], [1, 0, 1]]))
        let small = exp(-20.0)
        #expect(difference(losses.doubles, [0, 1000, log(2.0), 1000, 0, small]) < 1e-6)
        #expect(abs(losses.doubles[5] / small - 1) < 1e-4)
        let found = gradients(of: losses.sum(), withRespectTo: [logits])[0].values
        #expect(difference(found.map(Double.init), [0, 1, -0.5, -1, 0, -small]) < 1e-6)
    }

    @Test func accuraciesAreThoseOfPyTorch() throws {
        let fixture = try Fixture.decode("losses", as: Content.self).accuracy
        let (logits, labels) = (fixture.logits.tensor(.single), fixture.targets.integers)
        #expect(fixture.topK.map(\.k) == Array(1...7))
        for top in fixture.topK {
            #expect(abs(Double(topAccuracy(top.k, logits: logits, labels: labels)) - top.accuracy) < 1e-6)
        }
        #expect(accuracy(logits: logits, labels: labels) == topAccuracy(1, logits: logits, labels: labels))
    }

    @Test func equalLogitsDoNotDisplaceTheLabelAndNotANumberIsWrong() {
        let labels = IntegerTensor([2, 0], shape: [2])
        #expect(topAccuracy(1, logits: Tensor([[1, 1, 1], [1, 2, 3]]), labels: labels) == 0.5)
        #expect(topAccuracy(3, logits: Tensor([[1, 1, .nan], [1, 2, 3]]), labels: labels) == 0.5)
        #expect(accuracy(logits: .zeros([0, 3]), labels: IntegerTensor([], shape: [0])) == 0)
    }

    /// Logits far apart neither overflow nor lose the label's loss.
    @Test func crossEntropyOfExtremeLogitsIsFinite() {
        let logits = Tensor([[1000, 0, -1000], [-1000, -1000, -1000], [88, 89, 90]]).tracked()
        let losses = sparseSoftmaxCrossEntropy(logits: logits, labels: IntegerTensor([1, 0, 2], shape: [3]))
        let last = Float(log(1 + exp(-1.0) + exp(-2.0)))
        #expect(difference(losses.doubles, [1000, log(3.0), Double(last)]) < 1e-6)
        let found = gradients(of: losses.sum(), withRespectTo: [logits])[0].values
        #expect(found.allSatisfy { $0.isFinite })
        #expect(found[0...2] == [1, -1, 0])
    }
}
