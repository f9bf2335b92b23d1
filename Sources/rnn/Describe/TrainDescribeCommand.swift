import ArgumentParser
import Recurrent

/// `rnn train describe`.
struct TrainDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Trains a model that writes the name of what a picture shows.",
        discussion: """
            --data is a directory with the four files of MNIST or Fashion-MNIST, gzipped or not. The name is written \
            letter by letter: "zero" to "nine", unless --names says otherwise. The epoch that is best on pictures held \
            back from training is kept, and judged on the test pictures at the end.

            Adam at 0.001, gradients not clipped, 10 epochs.
            """)

    @Option(help: "A directory with train-images-idx3-ubyte.gz and the other three files.")
    var data: String?

    @Option(help: "A file with a name a line, the first that of class 0 (default: the digits in English).")
    var names: String?

    @Option(help: "The recurrent cell (default: gru).")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units (default: 128).")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Pictures of a batch (default: 100).")
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Share of the training pictures, at their beginning, that choose the best epoch (default: a twelfth).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    private func configuration(from initial: DescribeConfiguration?) -> DescribeConfiguration {
        var configuration = initial ?? DescribeConfiguration()
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        if let names { configuration.names = RunOptions.absolutePath(names) }
        if let model { configuration.cell = model }
        if let rnnSize { configuration.hiddenSize = rnnSize }
        if let batchSize { configuration.batchSize = batchSize }
        if let valFraction { configuration.validationFraction = valFraction }
        if let seed { configuration.seed = seed }
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws {
        if names != nil, target.initFrom != nil {
            throw ValidationError("--names is given with --init-from, whose run has its own names")
        }
        try RunOptions.check(configuration(from: nil))
    }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(DescribeTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "describe-\(configuration.cell.rawValue)-\(configuration.hiddenSize)", schedule: schedule)
    }
}
