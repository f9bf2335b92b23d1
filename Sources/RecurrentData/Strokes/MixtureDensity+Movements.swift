import Foundation
import Recurrent

extension MixtureDensity {
    /// The outputs, for one component, of the bivariate Gaussian and the Bernoulli end of stroke that make movements most
    /// likely.
    package static func singleGaussian(fitting steps: [PenStep]) -> [Float] {
        let count = Double(max(steps.count, 1))
        func mean(_ value: (PenStep) -> Double) -> Double { steps.reduce(0) { $0 + value($1) } / count }
        let (x, y) = (mean { Double($0.dx) }, mean { Double($0.dy) })
        let variances = (mean { square(Double($0.dx) - x) }, mean { square(Double($0.dy) - y) })
        let both = mean { (Double($0.dx) - x) * (Double($0.dy) - y) }
        let deviations = (max(variances.0, 1e-8).squareRoot(), max(variances.1, 1e-8).squareRoot())
        let correlation = min(max(both / (deviations.0 * deviations.1), -0.9999), 0.9999)
        let end = min(max(mean { $0.endsStroke ? 1 : 0 }, 1e-6), 1 - 1e-6)
        let logarithms = [end / (1 - end), deviations.0, deviations.1, (1 + correlation) / (1 - correlation)].map(log)
        return [logarithms[0], 0, x, y, logarithms[1], logarithms[2], logarithms[3] / 2].map { Float($0) }
    }
}

private func square(_ x: Double) -> Double { x * x }
