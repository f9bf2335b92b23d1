import CKernels

/// Adagrad (Duchi, Hazan and Singer 2011): s = s + g^2; w = w - rate g / sqrt(s), with epsilon where it is asked for.
///
/// The sum that TensorFlow and Keras begin with, 0.1, is an epsilon of 0.1 inside the root.
public struct Adagrad: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// What keeps the division finite.
    var epsilon: Float
    /// Where epsilon is added.
    var epsilonPlace: EpsilonPlace
    /// The sum of squared gradients.
    public var memory = OptimizerMemory()

    /// Makes the rule, with PyTorch's values.
    public init(learningRate: Float = 1e-2, epsilon: Float = 1e-10, epsilonPlace: EpsilonPlace = .afterRoot) {
        self.learningRate = learningRate
        self.epsilon = epsilon
        self.epsilonPlace = epsilonPlace
    }

    /// The sum of squared gradients.
    public var slotNames: [String] { ["sumOfSquares"] }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        update.kernels.pointee.rmsprop(
            update.elements, update.memory("sumOfSquares"), nil, nil, Double(learningRate), 1, 1, 0,
            epsilonPlace.inside(epsilon), epsilonPlace.outside(epsilon))
    }
}
