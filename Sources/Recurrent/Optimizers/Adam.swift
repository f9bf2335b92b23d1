import CKernels
import Foundation

/// Adam (Kingma and Ba 2015, algorithm 1), as PyTorch computes it.
public struct Adam: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// The decay of the mean of gradients.
    public var beta1: Float
    /// The decay of the mean of squared gradients.
    public var beta2: Float
    /// What keeps the division finite.
    public var epsilon: Float
    /// The number of updates made.
    public private(set) var steps = 0
    private var first = Slot()
    private var second = Slot()

    /// Makes the rule.
    public init(learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// Moves the parameters in place; gradients are multiplied by `scale` first.
    public mutating func update(_ parameters: inout Parameters, gradients: ParameterGradients, scale: Double) {
        steps += 1
        let count = parameters.layout.count
        let first = self.first.memory(count: count)
        let second = self.second.memory(count: count)
        parameters.write { parameters in
            gradients.storage.kernels.pointee.adam(
                parameters, gradients.storage.pointer, first, second, Int64(count), scale, Double(learningRate),
                Double(beta1), Double(beta2), Double(epsilon), 1 - pow(Double(beta1), Double(steps)),
                1 - pow(Double(beta2), Double(steps)))
        }
    }

    /// The vectors kept between steps, by name.
    public var slots: [String: [Float]] {
        guard let first = first.values, let second = second.values else { return [:] }
        return ["firstMoment": first, "secondMoment": second]
    }

    /// Takes up where an optimiser with these slots left off.
    public mutating func restore(slots: [String: [Float]], steps: Int) {
        self.steps = steps
        first = Slot(slots["firstMoment"])
        second = Slot(slots["secondMoment"])
    }
}
