import Recurrent

/// A network, its batch, and what is timed with it: a name of `rnn benchmark`.
package struct BenchmarkConfiguration: Sendable, Equatable {
    /// What is timed.
    package enum Work: Sendable, Equatable {
        /// A training step with the cross-entropy of every step's output.
        case crossEntropyAtEveryStep
        /// A training step with the cross-entropy of the last step's output.
        case crossEntropyAtTheLastStep
        /// A training step with the squared error of every step's output.
        case squaredErrorAtEveryStep
        /// One character, drawn from what the network makes of the character before.
        case generation
    }

    /// The name on the command line.
    package let name: String
    /// The kind of cell.
    package let cell: CellKind
    /// The number of sequences.
    package let batch: Int
    /// The number of time steps.
    package let steps: Int
    /// The width of an input; for tokens their number.
    package let inputs: Int
    /// Whether inputs are token ids rather than numbers.
    package let readsTokens: Bool
    /// The number of units of every layer.
    package let hidden: Int
    /// The number of recurrent layers.
    package let layers: Int
    /// The width of the output layer.
    package let outputs: Int
    /// What is timed.
    package let work: Work

    /// Makes a configuration.
    package init(
        _ name: String, _ cell: CellKind, batch: Int, steps: Int, inputs: Int, readsTokens: Bool = false, hidden: Int,
        layers: Int = 1, outputs: Int, work: Work = .crossEntropyAtEveryStep
    ) {
        self.name = name
        self.cell = cell
        self.batch = batch
        self.steps = steps
        self.inputs = inputs
        self.readsTokens = readsTokens
        self.hidden = hidden
        self.layers = layers
        self.outputs = outputs
        self.work = work
    }

    /// All configurations that `rnn benchmark` knows, in their order.
    package static let all: [BenchmarkConfiguration] = [
        images("mnist-rnn", .rnn),
        images("mnist-lstm", .lstm),
        images("mnist-gru", .gru),
        BenchmarkConfiguration(
            "series-rnn", .reluRNN, batch: 50, steps: 20, inputs: 1, hidden: 100, outputs: 1,
            work: .squaredErrorAtEveryStep),
        BenchmarkConfiguration("hihello-lstm", .lstm, batch: 1, steps: 6, inputs: 5, hidden: 5, outputs: 5),
        characters("char-lstm-2x128", .lstm, hidden: 128, layers: 2),
        characters("char-gru-2x128", .gru, hidden: 128, layers: 2),
        characters("char-lstm-3x512", .lstm, hidden: 512, layers: 3),
        characters("char-gru-3x512", .gru, hidden: 512, layers: 3),
        BenchmarkConfiguration(
            "wide-lstm-1x1024", .lstm, batch: 64, steps: 100, inputs: 1024, hidden: 1024, outputs: 65),
        generation("generate-lstm-2x128", .lstm, hidden: 128, layers: 2),
        generation("generate-lstm-3x512", .lstm, hidden: 512, layers: 3),
        generation("generate-gru-3x512", .gru, hidden: 512, layers: 3),
    ]

    private static func images(_ name: String, _ cell: CellKind) -> BenchmarkConfiguration {
        BenchmarkConfiguration(
            name, cell, batch: 150, steps: 28, inputs: 28, hidden: 150, outputs: 10,
            work: .crossEntropyAtTheLastStep)
    }

    private static func characters(_ name: String, _ cell: CellKind, hidden: Int, layers: Int) -> BenchmarkConfiguration
    {
        BenchmarkConfiguration(
            name, cell, batch: 50, steps: 50, inputs: 65, readsTokens: true, hidden: hidden, layers: layers, outputs: 65
        )
    }

    private static func generation(_ name: String, _ cell: CellKind, hidden: Int, layers: Int) -> BenchmarkConfiguration
    {
        BenchmarkConfiguration(
            name, cell, batch: 1, steps: 1, inputs: 65, readsTokens: true, hidden: hidden, layers: layers, outputs: 65,
            work: .generation)
    }
}
