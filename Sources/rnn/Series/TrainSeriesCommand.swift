import ArgumentParser
import RecurrentTasks

/// `rnn train series`.
struct TrainSeriesCommand: TrainTaskCommand {
    typealias Task = SeriesTask

    static let configuration = CommandConfiguration(
        commandName: "series", abstract: "Trains a model that forecasts numbers over time.",
        discussion: """
            Without --data it learns the signal t sin(t)/3 + 2 sin(5t) in a second. With --data FILE it learns from a \
            table: cells with commas, semicolons or tabs between them, with or without a header, lines that begin with # \
            passed over. The rows come in the order of time. A forecast that repeats the last value, the naive one, \
            stands beside every result.

            --recipe airline and --recipe stock set every other option as in published protocols for the airline \
            passengers and for the notes' stock prices; options given beside it change it.

            With --data: \(RecurrentOptions.defaults(SeriesConfiguration())) 100 epochs; --batch-size 0 is all windows in one.
            """)

    @Option(help: "A table of numbers (default: the signal).")
    var data: String?

    @Option(help: "A known protocol (default: signal without --data).")
    var recipe: SeriesConfiguration.Recipe?

    @OptionGroup var recurrent: RecurrentOptions
    @OptionGroup var series: SeriesOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SeriesConfiguration?) -> SeriesConfiguration {
        let usual = data == nil ? SeriesConfiguration(.signal) : SeriesConfiguration()
        var configuration = initial ?? recipe.map { SeriesConfiguration($0) } ?? usual
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        recurrent.apply(to: &configuration)
        series.apply(to: &configuration)
        return configuration
    }

    func checkOptions() throws {
        if let recipe, recipe != .signal, data == nil {
            throw ValidationError("--recipe \(recipe.rawValue) needs --data with its table")
        }
        if recipe != nil, training.target.initFrom != nil {
            throw ValidationError("--recipe and --init-from both say what to train; give one of them")
        }
    }

    static func runName(_ configuration: SeriesConfiguration) -> String {
        "series-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)"
    }
}
