import CKernels

/// Stochastic gradient descent, optionally with momentum or Nesterov's momentum, as PyTorch and Keras define them:
/// v = momentum v + g; w = w - rate v, or w - rate (g + momentum v) after Nesterov (Sutskever et al. 2013).
public struct SGD: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// The part of the velocity that stays from step to step.
    public var momentum: Float
    /// Whether to look ahead along the velocity.
    public var nesterov: Bool
    /// The number of updates made.
    public private(set) var steps = 0
    private var velocity = Slot()

    /// Makes the rule.
    public init(learningRate: Float, momentum: Float = 0, nesterov: Bool = false) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
    }

    /// Moves the parameters in place; gradients are multiplied by `scale` first.
    public mutating func update(_ parameters: inout Parameters, gradients: ParameterGradients, scale: Double) {
        steps += 1
        let count = parameters.layout.count
        let memory = momentum == 0 ? nil : velocity.memory(count: count)
        parameters.write { parameters in
            gradients.storage.kernels.pointee.sgd(
                parameters, gradients.storage.pointer, memory, Int64(count), scale, Double(learningRate),
                Double(momentum), nesterov ? 1 : 0)
        }
    }

    /// The vectors kept between steps, by name.
    public var slots: [String: [Float]] { velocity.values.map { ["velocity": $0] } ?? [:] }

    /// Takes up where an optimiser with these slots left off.
    public mutating func restore(slots: [String: [Float]], steps: Int) {
        self.steps = steps
        velocity = Slot(slots["velocity"])
    }
}
