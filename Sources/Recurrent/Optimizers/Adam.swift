import CKernels
import Foundation

/// Adam (Kingma and Ba 2015, algorithm 1), and with a weight decay AdamW (Loshchilov and Hutter 2019).
///
/// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w = (1 - rate weightDecay) w - rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon).
public struct Adam: Optimizer {
    /// What epsilon is added to.
    public enum EpsilonPlace: Sendable {
        /// sqrt(v / (1 - beta2^t)) + epsilon, as in algorithm 1 and in PyTorch.
        case afterCorrection
        /// sqrt(v) + epsilon, both corrections being moved into the learning rate, as in the formula before section 2.1
        /// of the paper, in TensorFlow and in Keras.
        case beforeCorrection
    }

    /// The factor of a step.
    public var learningRate: Float
    /// The decay of the mean of gradients.
    var beta1: Float
    /// The decay of the mean of squared gradients.
    var beta2: Float
    /// What keeps the division finite.
    var epsilon: Float
    /// What epsilon is added to.
    var epsilonPlace: EpsilonPlace
    /// The part of every parameter, times the learning rate, that a step takes away beside the gradient's.
    var weightDecay: Float
    /// The means of gradients and of squared gradients.
    public var memory = OptimizerMemory()

    /// Makes the rule.
    public init(
        learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        epsilonPlace: EpsilonPlace = .afterCorrection, weightDecay: Float = 0
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.epsilonPlace = epsilonPlace
        self.weightDecay = weightDecay
    }

    /// The means of gradients and of squared gradients.
    public var slotNames: [String] { ["firstMoment", "secondMoment"] }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        let correction1 = 1 - pow(Double(beta1), Double(update.step))
        let correction2 = 1 - pow(Double(beta2), Double(update.step))
        let added = epsilonPlace == .afterCorrection ? Double(epsilon) : Double(epsilon) / correction2.squareRoot()
        update.kernels.pointee.adam(
            update.elements, update.memory("firstMoment"), update.memory("secondMoment"), Double(beta1), Double(beta2),
            Double(learningRate) / correction1, 0, correction2, added, Double(learningRate) * Double(weightDecay))
    }
}
