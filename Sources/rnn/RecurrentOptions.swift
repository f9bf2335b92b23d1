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

    func apply(to configuration: inout some RecurrentConfiguration) {
        if let model { configuration.cell = model }
        if let rnnSize { configuration.hiddenSize = rnnSize }
        if let batchSize { configuration.batchSize = batchSize }
        if let seed { configuration.seed = seed }
    }

    /// The defaults of a task as its help gives them, from the configuration itself.
    static func defaults(_ configuration: some RecurrentConfiguration) -> String {
        "Defaults: \(list(configuration).joined(separator: ", "))."
    }

    static func list(_ configuration: some RecurrentConfiguration) -> [String] {
        var shares: [String] = []
        if let divided = configuration as? any DividedConfiguration {
            shares.append("--val-fraction \(Console.short(Float(divided.validationFraction)))")
            if divided is any SeparableConfiguration { shares.append("--test-fraction \(divided.testFraction)") }
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

    func apply(to configuration: inout some LayeredConfiguration) {
        recurrent.apply(to: &configuration)
        if let numLayers { configuration.layers = numLayers }
        if let dropout { configuration.dropout = dropout }
    }

    /// The defaults of a task as its help gives them, from the configuration itself.
    static func defaults(_ configuration: some LayeredConfiguration) -> String {
        let own = ["--num-layers \(configuration.layers)", "--dropout \(Console.short(configuration.dropout))"]
        return "Defaults: \((RecurrentOptions.list(configuration) + own).joined(separator: ", "))."
    }
}
