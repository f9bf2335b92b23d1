import CKernels

/// RMSProp (Tieleman and Hinton 2012, lecture 6.5), optionally centred (Graves 2013) and with momentum.
///
/// n = decay n + (1 - decay) g^2; m = decay m + (1 - decay) g; v = momentum v + g / sqrt(n - m^2); w = w - rate v, with
/// epsilon where it is asked for, and m zero where the rule is not centred. As in PyTorch the velocity v is free of the
/// learning rate; Graves, TensorFlow and Keras multiply before they add, which is the same while the rate is.
public struct RMSProp: Optimizer {
    /// The factor of a step.
    public var learningRate: Float
    /// The part of the running means that stays from step to step.
    var decay: Float
    /// The part of the velocity that stays from step to step.
    var momentum: Float
    /// Whether gradients are divided by their deviation from the running mean, and not by their root mean square.
    var isCentered: Bool
    /// What keeps the division finite.
    var epsilon: Float
    /// Where epsilon is added.
    var epsilonPlace: EpsilonPlace
    /// The running means, and the velocity where there is momentum.
    public var memory = OptimizerMemory()

    /// Makes the rule, with Hinton's decay.
    public init(
        learningRate: Float = 1e-3, decay: Float = 0.9, momentum: Float = 0, isCentered: Bool = false,
        epsilon: Float = 1e-8, epsilonPlace: EpsilonPlace = .afterRoot
    ) {
        self.learningRate = learningRate
        self.decay = decay
        self.momentum = momentum
        self.isCentered = isCentered
        self.epsilon = epsilon
        self.epsilonPlace = epsilonPlace
    }

    /// The form in which Graves trained his sequence generators ("Generating sequences with recurrent neural networks",
    /// 2013, equations 38 to 45).
    public static func graves(learningRate: Float = 1e-4) -> RMSProp {
        RMSProp(
            learningRate: learningRate, decay: 0.95, momentum: 0.9, isCentered: true, epsilon: 1e-4,
            epsilonPlace: .insideRoot)
    }

    /// The running means, and the velocity where there is momentum.
    public var slotNames: [String] {
        ["meanSquare"] + (isCentered ? ["mean"] : []) + (momentum == 0 ? [] : ["velocity"])
    }

    /// Moves the parameters of one update in place.
    public func move(_ update: ParameterUpdate) {
        update.kernels.pointee.rmsprop(
            update.elements, update.memory("meanSquare"), update.memory("mean"), update.memory("velocity"),
            Double(learningRate), Double(decay), 1 - Double(decay), Double(momentum), epsilonPlace.inside(epsilon),
            epsilonPlace.outside(epsilon))
    }
}
