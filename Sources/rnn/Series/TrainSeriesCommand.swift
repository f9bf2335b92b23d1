import ArgumentParser
import Recurrent

/// `rnn train series`.
struct TrainSeriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "series", abstract: "Trains a model that forecasts numbers over time.",
        discussion: """
            Without --data it learns the signal t sin(t)/3 + 2 sin(5t) in a second. With --data FILE it learns from a \
            table: cells with commas, semicolons or tabs between them, with or without a header, lines that begin with # \
            passed over. The rows come in the order of time. A forecast that repeats the last value, the naive one, \
            stands beside every result.

            --recipe airline and --recipe stock set every other option as in published protocols for the airline \
            passengers and for the notes' stock prices; options given beside it change it.

            With --data: Adam at 0.005, gradients not clipped, 100 epochs.
            """)

    @Option(help: "A table of numbers (default: the signal).")
    var data: String?

    @Option(help: "A known protocol (default: signal without --data).")
    var recipe: SeriesConfiguration.Recipe?

    @OptionGroup var series: SeriesOptions
    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    /// What is trained; everything is as in the initial run where there is one and no option changes it.
    private func configuration(from initial: SeriesConfiguration?) -> SeriesConfiguration {
        let usual = data == nil ? SeriesConfiguration(.signal) : SeriesConfiguration()
        var configuration = initial ?? recipe.map { SeriesConfiguration($0) } ?? usual
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        series.apply(to: &configuration)
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws {
        if let recipe, recipe != .signal, data == nil {
            throw ValidationError("--recipe \(recipe.rawValue) needs --data with its table")
        }
        if recipe != nil, target.initFrom != nil {
            throw ValidationError("--recipe and --init-from both say what to train; give one of them")
        }
        try RunOptions.check(configuration(from: nil))
    }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(SeriesTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "series-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)",
            schedule: schedule)
    }
}
