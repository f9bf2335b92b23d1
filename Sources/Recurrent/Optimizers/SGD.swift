import CKernels

/// Stochastic gradient descent, optionally with momentum or Nesterov's momentum, as PyTorch and Keras define them:
/// v = momentum v + g; w = w - rate v, or w - rate (g + momentum v) after Nesterov (Sutskever et al. 2013).
public struct SGD: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// The part of the velocity that stays from step to step.
    var momentum: Float
    /// Whether to look ahead along the velocity.
    var isNesterov: Bool
    /// The velocity, where there is momentum.
    public var memory = OptimizerMemory()

    /// Makes the rule.
    public init(learningRate: Float, momentum: Float = 0, isNesterov: Bool = false) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.isNesterov = isNesterov
    }

    /// The velocity, where there is momentum.
    public var slotNames: [String] { momentum == 0 ? [] : ["velocity"] }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        update.kernels.pointee.sgd(
            update.elements, update.memory("velocity"), Double(learningRate), Double(momentum), isNesterov ? 1 : 0)
    }
}
