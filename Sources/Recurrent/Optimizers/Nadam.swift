import CKernels
import Foundation

/// Nadam (Dozat 2016): Adam with Nesterov's momentum, whose part beta1 grows from step to step.
///
/// b(t) = beta1 (1 - 0.96^(t momentumDecay) / 2); m and v as in `Adam`; p(t) = b(1) ... b(t);
/// w = w - rate (b(t+1) m / (1 - p(t+1)) + (1 - b(t)) g / (1 - p(t))) / (sqrt(v / (1 - beta2^t)) + epsilon).
public struct Nadam: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// The decay of the mean of gradients, which the momentum grows to.
    var beta1: Float
    /// The decay of the mean of squared gradients.
    var beta2: Float
    /// What keeps the division finite.
    var epsilon: Float
    /// How fast the momentum grows: 0.004 in the paper and PyTorch, 1 in Keras.
    var momentumDecay: Float
    /// The means of gradients and of squared gradients.
    public var memory = OptimizerMemory()

    /// Makes the rule, with PyTorch's values.
    public init(
        learningRate: Float = 2e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        momentumDecay: Float = 0.004
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.momentumDecay = momentumDecay
    }

    /// The means of gradients and of squared gradients.
    public var slotNames: [String] { ["firstMoment", "secondMoment"] }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        let (now, next) = (momentum(at: update.step), momentum(at: update.step + 1))
        let product = momentumProduct(through: update.step)
        update.kernels.pointee.adam(
            update.elements, update.memory("firstMoment"), update.memory("secondMoment"), Double(beta1), Double(beta2),
            Double(learningRate) * next / (1 - product * next), Double(learningRate) * (1 - now) / (1 - product),
            1 - pow(Double(beta2), Double(update.step)), Double(epsilon), 0)
    }

    private func momentum(at step: Int) -> Double {
        Double(beta1) * (1 - 0.5 * pow(0.96, Double(step) * Double(momentumDecay)))
    }

    /// Made anew at every step, so that the step's number is all that there is to keep. It is soon too small to matter.
    private func momentumProduct(through step: Int) -> Double {
        var product = 1.0
        var factors = 0
        while factors < step && product > 0x1p-60 {
            factors += 1
            product *= momentum(at: factors)
        }
        return product
    }
}
