import ArgumentParser
import Recurrent

/// `rnn train adding`.
struct TrainAddingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adding", abstract: "Trains a network to remember two numbers over a long sequence, and add them.",
        discussion: """
            The sequences are generated, new ones for every batch; an epoch is 100 batches. The loss is the squared \
            error, 0.167 for who always answers 1. To compare the four kinds of networks: rnn reproduce adding.

            Adam at 0.005 with gradients clipped to a norm of 1 (lstm, gru), at 0.001 with 10 (relu-rnn) or 1 (rnn); 50 epochs.
            """)

    @Option(help: "The recurrent cell; relu-rnn begins with the identity as its recurrent weight (default: lstm).")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units (default: 64; 100 for rnn and relu-rnn).")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Steps of a sequence (default: 100).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Sequences of a batch (default: 32).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    /// What is trained; the network is that of the initial run where there is one.
    private func configuration(from initial: AddingConfiguration?) -> AddingConfiguration {
        var configuration = AddingConfiguration(cell: model ?? initial?.cell ?? .lstm)
        if let initial { configuration.hiddenSize = initial.hiddenSize }
        if let rnnSize { configuration.hiddenSize = rnnSize }
        if let seqLength { configuration.sequenceLength = seqLength }
        if let batchSize { configuration.batchSize = batchSize }
        if let seed { configuration.seed = seed }
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws { try RunOptions.check(configuration(from: nil)) }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(AddingTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "adding-\(configuration.cell.rawValue)-\(configuration.sequenceLength)", schedule: schedule)
    }
}
