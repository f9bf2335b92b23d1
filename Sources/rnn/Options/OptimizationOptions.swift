import ArgumentParser
import Recurrent
import RecurrentTraining

extension OptimizerChoice: ExpressibleByArgument {}

/// How a model learns.
struct OptimizationOptions: ParsableArguments {
    @Option(help: "The rule that moves the weights (default: adam).")
    var optimizer: OptimizerChoice?

    @Option(parsing: .unconditional, help: "The learning rate, at the beginning (default: the task's).")
    var learningRate: Float?

    @Option(
        name: .customLong("lr-schedule"),
        help: """
            How the learning rate changes: constant, exponential:STEPS:FACTOR, step:STEPS:FACTOR, cosine:STEPS, after \
            warm-up:STEPS+ where wished (default: the task's, mostly constant).
            """,
        transform: { text in
            do { return try LearningRateSchedule(text) } catch { throw ValidationError(OptionNames.worded("\(error)")) }
        })
    var schedule: LearningRateSchedule?

    @Option(parsing: .unconditional, help: "Bound of the gradients' global norm, 0 for none (default: the task's).")
    var gradClip: Float?

    @Option(parsing: .unconditional, help: "Bound of every element of the gradients, 0 for none (default: 0).")
    var gradClipValue: Float?

    func apply(to optimization: inout Optimization) {
        if let optimizer { optimization.rule = optimizer }
        if let learningRate { optimization.learningRate = learningRate }
        if let schedule { optimization.schedule = schedule }
        if let gradClip { optimization.gradientNormBound = gradClip }
        if let gradClipValue { optimization.gradientValueBound = gradClipValue }
        if gradClipValue ?? 0 > 0 && gradClip == nil { optimization.gradientNormBound = 0 }
    }
}
