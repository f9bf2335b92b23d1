/// A rule by its name, for the command line and configuration files.
public enum OptimizerChoice: String, Codable, CaseIterable, Sendable {
    /// Stochastic gradient descent. A usual learning rate is 0.1.
    case sgd
    /// With a momentum of 0.9. A usual learning rate is 0.01.
    case momentum
    /// With Nesterov's momentum of 0.9. A usual learning rate is 0.01.
    case nesterov
    /// `Adagrad` with its own defaults. A usual learning rate is 0.01.
    case adagrad
    /// `RMSProp` with its own defaults. A usual learning rate is 0.001.
    case rmsprop
    /// `RMSProp`, centred. A usual learning rate is 0.001.
    case rmspropCentered = "rmsprop-centered"
    /// `RMSProp.graves`. Its paper's learning rate is 0.0001.
    case rmspropGraves = "rmsprop-graves"
    /// `Adadelta` with its own defaults. Its paper's learning rate is 1.
    case adadelta
    /// `Adam` with its own defaults. A usual learning rate is 0.001.
    case adam
    /// `Adam` with a weight decay of 0.01, PyTorch's. A usual learning rate is 0.001.
    case adamw
    /// `Nadam` with its own defaults. A usual learning rate is 0.002.
    case nadam

    /// Makes the rule.
    package func make(learningRate: Float) -> any Optimizer {
        switch self {
        case .sgd: SGD(learningRate: learningRate)
        case .momentum: SGD(learningRate: learningRate, momentum: 0.9)
        case .nesterov: SGD(learningRate: learningRate, momentum: 0.9, isNesterov: true)
        case .adagrad: Adagrad(learningRate: learningRate)
        case .rmsprop: RMSProp(learningRate: learningRate)
        case .rmspropCentered: RMSProp(learningRate: learningRate, isCentered: true)
        case .rmspropGraves: RMSProp.graves(learningRate: learningRate)
        case .adadelta: Adadelta(learningRate: learningRate)
        case .adam: Adam(learningRate: learningRate)
        case .adamw: Adam(learningRate: learningRate, weightDecay: 0.01)
        case .nadam: Nadam(learningRate: learningRate)
        }
    }
}
