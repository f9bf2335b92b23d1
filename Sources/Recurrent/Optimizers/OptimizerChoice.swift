/// A rule by its name on the command line.
public enum OptimizerChoice: String, Codable, Sendable, CaseIterable {
    /// Stochastic gradient descent.
    case sgd
    /// Adam.
    case adam

    /// The rule with its usual numbers.
    public func make(learningRate: Float) -> any Optimizer {
        switch self {
        case .sgd: SGD(learningRate: learningRate)
        case .adam: Adam(learningRate: learningRate)
        }
    }
}
