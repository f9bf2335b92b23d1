import ArgumentParser
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension CellKind: ExpressibleByArgument {}

/// What almost every network has: a cell, its size, batches and a seed.
struct RecurrentOptions: ParsableArguments {
    @Option(help: "The recurrent cell.")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units of a layer.")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Sequences of a batch.")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from.")
    var seed: UInt64?

    /// Takes over what the options say; where they say nothing, the network is the initial configuration's.
    func apply<Configuration: RecurrentConfiguration>(
        to configuration: inout Configuration, from initial: Configuration?
    ) {
        configuration.set(\.cell, model ?? initial?.cell)
        configuration.set(\.hiddenSize, rnnSize ?? initial?.hiddenSize)
        configuration.set(\.batchSize, batchSize)
        configuration.set(\.seed, seed)
    }

    /// The defaults of a task as its help gives them, from the configuration itself.
    static func defaults(_ configuration: some RecurrentConfiguration) -> String {
        "Defaults: \(list(configuration).joined(separator: ", "))."
    }

    static func list(_ configuration: some RecurrentConfiguration) -> [String] {
        var shares: [String] = []
        if let divided = configuration as? any DividedConfiguration {
            shares.append("--val-fraction \(Console.short(Float(divided.validationFraction)))")
            if divided is any SeparableConfiguration {
                shares.append("--test-fraction \(Console.short(Float(divided.testFraction)))")
            }
        }
        return [
            "--model \(configuration.cell.rawValue)", "--rnn-size \(configuration.hiddenSize)",
            "--batch-size \(configuration.batchSize)", "--seed \(configuration.seed)",
            "--learning-rate \(Console.short(configuration.optimization.learningRate))",
            "--grad-clip \(Console.short(configuration.optimization.gradientNormBound))",
        ] + shares
    }
}

/// What a network of stacked layers has beside.
struct LayerOptions: ParsableArguments {
    @OptionGroup var recurrent: RecurrentOptions

    @Option(parsing: .unconditional, help: "Layers.")
    var numLayers: Int?

    @Option(parsing: .unconditional, help: "Probability of dropping an output of a layer in training.")
    var dropout: Float?

    /// Takes over what the options say; where they say nothing, the network is the initial configuration's.
    func apply<Configuration: LayeredConfiguration>(to configuration: inout Configuration, from initial: Configuration?)
    {
        recurrent.apply(to: &configuration, from: initial)
        configuration.set(\.layers, numLayers ?? initial?.layers)
        configuration.set(\.dropout, dropout)
    }

    /// The defaults of a task as its help gives them, from the configuration itself.
    static func defaults(_ configuration: some LayeredConfiguration) -> String {
        let own = ["--num-layers \(configuration.layers)", "--dropout \(Console.short(configuration.dropout))"]
        return "Defaults: \((RecurrentOptions.list(configuration) + own).joined(separator: ", "))."
    }
}
