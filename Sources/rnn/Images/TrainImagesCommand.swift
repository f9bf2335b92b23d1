import ArgumentParser
import Recurrent

/// `rnn train images`.
struct TrainImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Trains a model that reads pictures row by row and names their class.",
        discussion: """
            --data is a directory with the four files of MNIST or Fashion-MNIST, gzipped or not. The epoch that is best \
            on pictures held back from training is kept, and judged on the test pictures at the end.

            Adam at 0.001, gradients not clipped, 10 epochs.
            """)

    @Option(help: "A directory with train-images-idx3-ubyte.gz and the other three files.")
    var data: String?

    @Option(help: "The recurrent cell (default: rnn, tanh units).")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units of a layer (default: 150).")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Layers (default: 1).")
    var numLayers: Int?

    @Option(parsing: .unconditional, help: "Pictures of a batch (default: 150).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "Probability of dropping an output of a layer in training (default: 0).")
    var dropout: Float?

    @Option(
        parsing: .unconditional,
        help: "Share of the training pictures, at their beginning, that choose the best epoch (default: a twelfth).")
    var valFraction: Double?

    @Option(help: "Initialiser of the weights: \(Initializer.names.joined(separator: ", ")) (default: glorot-uniform).")
    var initializer: String?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    private func configuration(from initial: ImagesConfiguration?) -> ImagesConfiguration {
        var configuration = initial ?? ImagesConfiguration()
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        if let model { configuration.cell = model }
        if let rnnSize { configuration.hiddenSize = rnnSize }
        if let numLayers { configuration.layers = numLayers }
        if let batchSize { configuration.batchSize = batchSize }
        if let dropout { configuration.dropout = dropout }
        if let valFraction { configuration.validationFraction = valFraction }
        if let initializer { configuration.initializer = initializer }
        if let seed { configuration.seed = seed }
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws { try RunOptions.check(configuration(from: nil)) }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(ImagesTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "images-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)",
            schedule: schedule)
    }
}
