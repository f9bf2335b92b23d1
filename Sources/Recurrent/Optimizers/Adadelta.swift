import CKernels

/// Adadelta (Zeiler 2012, algorithm 1): steps as long as the last ones were, for gradients as long as the last ones.
///
/// n = decay n + (1 - decay) g^2; d = g sqrt(s + epsilon) / sqrt(n + epsilon); s = decay s + (1 - decay) d^2;
/// w = w - rate d.
public struct Adadelta: Optimizer {
    /// The factor of a step; 1 in the paper.
    public var learningRate: Float
    /// The part of the running means that stays from step to step.
    var decay: Float
    /// What keeps the division finite and sets off the first step.
    var epsilon: Float
    /// The mean squares of gradients and of steps.
    public var memory = OptimizerMemory()

    /// Makes the rule, with the paper's values.
    public init(learningRate: Float = 1, decay: Float = 0.95, epsilon: Float = 1e-6) {
        self.learningRate = learningRate
        self.decay = decay
        self.epsilon = epsilon
    }

    /// The mean squares of gradients and of steps.
    public var slotNames: [String] { ["meanSquare", "meanSquaredStep"] }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        update.kernels.pointee.adadelta(
            update.elements, update.memory("meanSquare"), update.memory("meanSquaredStep"), Double(learningRate),
            Double(decay), Double(epsilon))
    }
}
