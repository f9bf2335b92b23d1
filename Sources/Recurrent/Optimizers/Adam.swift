import CKernels
import Foundation

/// Adam (Kingma and Ba 2015, algorithm 1), as PyTorch computes it.
public struct Adam: Optimizer {
    public var learningRate: Float
    /// The decay of the mean of gradients.
    public var beta1: Float
    /// The decay of the mean of squared gradients.
    public var beta2: Float
    /// What keeps the division finite.
    public var epsilon: Float
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

    public var slots: [String: [Float]] {
        guard let first = first.values, let second = second.values else { return [:] }
        return ["firstMoment": first, "secondMoment": second]
    }

    public mutating func restore(slots: [String: [Float]], steps: Int) {
        self.steps = steps
        first = Slot(slots["firstMoment"])
        second = Slot(slots["secondMoment"])
    }
}
