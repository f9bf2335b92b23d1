import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// The mixture density's kernel against its definition in plain operations, PyTorch and numerical gradients.
@Suite struct MixtureDensityTests {
    struct Content: Decodable {
        struct Mixture: Decodable { let outputs, targets, losses, lossGradient, gradient: Fixture.Numbers }
        let mixture: Mixture
    }

    /// Graves 2013, equations 18 to 26, written as they stand but for the end's sign, in operations on tensors.
    static func plainLoss(outputs: Tensor, targets: Tensor) -> Tensor {
        let count = (outputs.shape[2] - 1) / 6
        let parts = outputs.split(axis: 2, [1] + Array(repeating: count, count: 6))
        let y = targets.split(axis: 2, count: 3)
        let (sx, sy, rho) = (parts[4].exp(), parts[5].exp(), parts[6].tanh())
        let (zx, zy) = ((y[0] - parts[2]) / sx, (y[1] - parts[3]) / sy)
        let rest = 1 - rho.squared()
        let z = zx.squared() + zy.squared() - 2 * rho * zx * zy
        let density = (-z / (2 * rest)).exp() / (2 * Float.pi * sx * sy * rest.sqrt())
        let likelihood = (parts[1].softmax() * density).sum(along: [2]).log()
        let end = parts[0].softplus() - parts[0] * y[2]
        return end.reshaped(likelihood.shape) - likelihood
    }

    static func targets(_ time: Int, _ batch: Int, _ seed: UInt64) -> Tensor {
        let values = noise([time, batch, 3], seed).doubles.enumerated().map { index, value in
            index % 3 == 2 ? (value > 0 ? 1 : 0) : value
        }
        return Tensor(values, shape: [time, batch, 3])
    }

    @Test(arguments: [1, 2, 5, 16, 20, 33])
    func lossAndGradientAreThoseOfTheDefinition(mixtures: Int) {
        let outputs = noise([3, 4, 6 * mixtures + 1], 1).tracked()
        let targets = Self.targets(3, 4, 2)
        let found = mixtureDensityLoss(outputs: outputs, targets: targets)
        let expected = Self.plainLoss(outputs: outputs, targets: targets)
        // The definition has pi in single precision.
        #expect(difference(found, expected) < 1e-6)
        let gradient = gradients(of: weighted(found), withRespectTo: [outputs])[0]
        #expect(difference(gradient, gradients(of: weighted(expected), withRespectTo: [outputs])[0]) < 1e-10)
        let single = mixtureDensityLoss(outputs: outputs.converted(to: .single), targets: targets)
        #expect(difference(single, found) < 1e-5)
    }

    @Test(arguments: [1, 3, 20])
    func gradientIsTheNumericalOne(mixtures: Int) {
        let targets = Self.targets(2, 3, 3)
        let check = checkGradients(at: [noise([2, 3, 6 * mixtures + 1], 4)]) { inputs in
            weighted(mixtureDensityLoss(outputs: inputs[0], targets: targets, lengths: [2, 1, 0]))
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    @Test(arguments: [(Precision.single, 2e-5), (.double, 1e-7)])
    func valuesAreThoseOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("handwriting", as: Content.self).mixture
        let outputs = fixture.outputs.tensor(precision).tracked()
        let losses = mixtureDensityLoss(outputs: outputs, targets: fixture.targets.tensor(precision))
        #expect(difference(losses, fixture.losses.tensor()) < tolerance)
        let found = gradients(
            of: (losses * fixture.lossGradient.tensor(precision)).sum(), withRespectTo: [outputs])[0]
        #expect(difference(found, fixture.gradient.tensor()) < tolerance)
    }

    /// Every level's kernel against the double-precision one, with lengths, and nothing written outside.
    @Test(arguments: KernelLevel.all, [1, 4, 17, 20])
    func everyLevelAgreesWithDoublePrecision(_ level: KernelLevel, mixtures: Int) {
        func run(_ level: KernelLevel) -> [Reals] {
            let (steps, batch, width) = (3, 5, 6 * mixtures + 1)
            let outputs = level.reals(numbers(steps * batch * width, 31))
            let targets = level.reals(Self.targets(steps, batch, 5).doubles)
            let (losses, gradients) = (level.reals(count: steps * batch), level.reals(count: steps * batch * width))
            level.table.mixture_density(
                outputs.constant, targets.constant, [3, 0, 2, 1, 3], Int64(steps), Int64(batch), Int64(mixtures),
                losses.pointer, gradients.pointer)
            let areIntact = [outputs, targets, losses, gradients].allSatisfy(\.isIntact)
            #expect(areIntact)
            return [losses, gradients]
        }
        for (found, exact) in zip(run(level), run(.double)) {
            #expect(difference(found.values, exact.values) < 1e-5)
        }
    }

    @Test func whatStandsPastTheEndNeverMatters() {
        let targets = Self.targets(3, 2, 6).converted(to: .single)
        let values = noise([3, 2, 13], 7, precision: .single).values
        let broken = Tensor(
            values.enumerated().map { $0 / 13 % 2 == 1 && $0 / 26 >= 1 ? .nan : $1 }, shape: [3, 2, 13])
        let outputs = broken.tracked()
        let losses = mixtureDensityLoss(outputs: outputs, targets: targets, lengths: [3, 1])
        #expect(losses.values[3] == 0 && losses.values[5] == 0 && losses.sum().scalar.isFinite)
        let gradient = gradients(of: losses.sum(), withRespectTo: [outputs])[0].values
        #expect(gradient.allSatisfy { $0.isFinite })
        #expect(gradient[39..<52].allSatisfy { $0 == 0 } && gradient[13..<26].contains { $0 != 0 })
        let whole = mixtureDensityLoss(outputs: Tensor(values, shape: [3, 2, 13]), targets: targets)
        #expect(whole.values[0..<3] == losses.values[0..<3])
    }

    /// Outputs and targets far beyond what training meets: values and gradients stay finite in single precision.
    @Test(arguments: [Float(1e4), -1e4, 88, -88, 12, -12])
    func extremesStayFinite(_ size: Float) {
        for place in 0..<13 {
            for target: Float in [0, 3, 1e4, -1e4] {
                var row = noise([13], 8, precision: .single).values
                row[place] = size
                let outputs = Tensor(row, shape: [1, 1, 13]).tracked()
                let loss = mixtureDensityLoss(
                    outputs: outputs, targets: Tensor([target, target, 1], shape: [1, 1, 3]))
                let gradient = gradients(of: loss.sum(), withRespectTo: [outputs])[0]
                #expect(loss.scalar.isFinite && gradient.values.allSatisfy { $0.isFinite }, "\(place) \(target)")
            }
        }
        let everywhere = Tensor([Float](repeating: size, count: 13), shape: [1, 1, 13]).tracked()
        let loss = mixtureDensityLoss(outputs: everywhere, targets: Tensor([size, -size, 0], shape: [1, 1, 3]))
        #expect(loss.scalar.isFinite)
        let gradient = gradients(of: loss.sum(), withRespectTo: [everywhere])[0].values
        #expect(gradient.allSatisfy { $0.isFinite })
    }

    @Test func notANumberIsSeen() {
        for place in 0..<7 {
            var row = [Float](repeating: 0.1, count: 7)
            row[place] = .nan
            let loss = mixtureDensityLoss(
                outputs: Tensor(row, shape: [1, 1, 7]), targets: Tensor([0, 0, 1], shape: [1, 1, 3]))
            #expect(loss.scalar.isNaN, "\(place)")
        }
    }

    /// Draws have the means, deviations, correlation and ends that the outputs say; the bias narrows them.
    @Test func drawsFollowTheDensity() throws {
        // Two components; the second is drawn from with probability 1/4.
        let row: [Float] = [
            log(0.3 / 0.7), 0, -log(3), 1, -2, 0.5, 3, log(0.5), log(2), log(1.5), log(0.2), 0.8, -0.3,
        ]
        for bias: Float in [0, 1] {
            let density = MixtureDensity(outputs: row, bias: bias)
            let ratio = exp(-log(3) * (1 + bias))
            #expect(abs(density.components[1].weight - ratio / (1 + ratio)) < 1e-6)
            #expect(abs(density.components[0].deviation.x - 0.5 * exp(-bias)) < 1e-6)
            #expect(abs(density.components[0].correlation - tanh(0.8)) < 1e-6 && abs(density.end - 0.3) < 1e-6)
            var random = RandomSource(seed: 4)
            let count = 20_000
            let steps = try (0..<count).map { _ in try density.draw(&random) }
            let ends = steps.filter(\.endsStroke).count
            #expect(abs(Float(ends) / Float(count) - 0.3) < 0.012)
            let means = (steps.reduce(0) { $0 + $1.movement.x }, steps.reduce(0) { $0 + $1.movement.y })
            let weight = density.components[1].weight
            #expect(abs(means.0 / Float(count) - (1 - 3 * weight)) < 0.03)
            #expect(abs(means.1 / Float(count) - (0.5 + 2.5 * weight)) < 0.03)
        }
        var (one, other) = (RandomSource(seed: 9), RandomSource(seed: 9))
        let density = MixtureDensity(outputs: row)
        let steps = try (0..<50).map { _ in try density.draw(&one) }
        let again = try (0..<50).map { _ in try density.draw(&other) }
        #expect(zip(steps, again).allSatisfy { $0 == $1 })
    }

    @Test func drawsOfOneGaussianHaveItsCovariance() throws {
        let density = MixtureDensity(outputs: [-2, 0, 1, -1, log(0.5), log(2), 0.8])
        var random = RandomSource(seed: 5)
        let steps = try (0..<40_000).map { _ in try density.draw(&random) }
        func mean(_ value: (SIMD2<Float>) -> Float) -> Float {
            steps.reduce(0) { $0 + value($1.movement) } / Float(steps.count)
        }
        let (x, y) = (mean { $0.x } - 1, mean { $0.y } + 1)
        #expect(abs(x) < 0.01 && abs(y) < 0.04)
        let squares = (mean { ($0.x - 1) * ($0.x - 1) }, mean { ($0.y + 1) * ($0.y + 1) })
        #expect(abs(squares.0 - 0.25) < 0.01 && abs(squares.1 - 4) < 0.12)
        let product = mean { ($0.x - 1) * ($0.y + 1) }
        #expect(abs(product - tanh(0.8)) < 0.03)
    }
}
