import ArgumentParser
import Recurrent

/// `rnn evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Evaluates a trained model on data it was not trained on.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(help: "Other data to evaluate on, all of it (default: what the run itself has kept for this).")
    var data: String?

    @Option(help: "Of text: evaluate it run token by token, as it generates, with the weights kept as this.")
    var weights: WeightPrecision?

    @OptionGroup var checkpoint: CheckpointOption
    @OptionGroup var search: SearchOptions

    @Flag(help: "Print a JSON line only.")
    var json = false

    @OptionGroup var machine: MachineOptions

    func run() throws {
        try machine.apply()
        try KnownTasks.task(ofRunAt: path).evaluate(
            path, checkpoint, ReportOptions(dataPath: data, search: search, weights: weights), json: json)
    }
}
