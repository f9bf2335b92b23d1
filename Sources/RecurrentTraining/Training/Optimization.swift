import Recurrent

/// How a model learns: the rule that moves its parameters, the learning rate over time, and the bounds of gradients.
public struct Optimization: Codable, Sendable, Equatable {
    /// The rule.
    public var rule: OptimizerChoice = .adam
    /// The learning rate at the beginning.
    public var learningRate: Float
    /// How the learning rate changes from step to step.
    public var schedule: LearningRateSchedule = LearningRateSchedule()
    /// The bound of the gradients' global norm; 0 for none.
    public var gradientNormBound: Float
    /// The bound of every element of the gradients; 0 for none.
    public var gradientValueBound: Float = 0

    /// Makes a way to learn, by Adam at a constant rate unless said otherwise.
    public init(learningRate: Float, gradientNormBound: Float = 0) {
        self.learningRate = learningRate
        self.gradientNormBound = gradientNormBound
    }

    /// How gradients are bounded.
    public var clipping: GradientClipping {
        if gradientValueBound > 0 { return .value(gradientValueBound) }
        return gradientNormBound > 0 ? .globalNorm(gradientNormBound) : .none
    }

    /// The rule, before its first step.
    public func makeOptimizer() -> any Optimizer { rule.make(learningRate: learningRate) }

    /// Checks every number.
    ///
    /// - Throws: `RecurrentError` naming the property, its value and what is expected.
    public func validate() throws {
        try Setting("`learningRate`", learningRate).require(
            learningRate > 0 && learningRate <= 1000, "more than 0 and at most 1000")
        try Setting("`gradientNormBound`", gradientNormBound).require(
            gradientNormBound >= 0 && gradientNormBound.isFinite, "0 (no clipping) or more")
        try Setting("`gradientValueBound`", gradientValueBound).require(
            gradientValueBound >= 0 && gradientValueBound.isFinite, "0 (no clipping) or more")
        guard gradientNormBound == 0 || gradientValueBound == 0 else {
            throw RecurrentError(
                "`gradientNormBound` is \(gradientNormBound) and `gradientValueBound` is \(gradientValueBound); set one of them to 0"
            )
        }
    }
}
