import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks

@Suite struct SingleGaussianTests {
    private static func targets(_ time: Int, _ batch: Int, _ seed: UInt64) -> Tensor {
        let values = noise([time, batch, 3], seed).doubles.enumerated().map { index, value in
            index % 3 == 2 ? (value > 0 ? 1 : 0) : value
        }
        return Tensor(values, shape: [time, batch, 3])
    }

    /// The Gaussian that is fitted to steps makes them as likely as its definition says, and no other does better.
    @Test func theSingleGaussianIsTheBest() {
        let steps = Self.targets(400, 1, 11).doubles
        var pens: [PenStep] = []
        for begin in stride(from: 0, to: steps.count, by: 3) {
            let (x, y) = (Float(steps[begin]), Float(steps[begin + 1]))
            pens.append(PenStep(dx: x + y / 2, dy: y, endsStroke: steps[begin + 2] == 1))
        }
        let targets = PenBatch([PenDrawing(steps: pens)]).steps
        func loss(_ row: [Float]) -> Float {
            let outputs = Tensor((0..<pens.count).flatMap { _ in row }, shape: [pens.count, 1, 7])
            return mixtureDensityLoss(outputs: outputs, targets: targets).mean().scalar
        }
        let best = MixtureDensity.singleGaussian(fitting: pens)
        let least = loss(best)
        for place in [0, 2, 3, 4, 5, 6] {
            for shift: Float in [-0.1, 0.1] {
                var row = best
                row[place] += shift
                #expect(loss(row) > least + 1e-4, "\(place)")
            }
        }
    }
}
