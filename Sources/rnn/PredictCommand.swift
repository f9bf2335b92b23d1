import ArgumentParser
import Recurrent

/// `rnn predict RUN [INPUT...]`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Says what a trained model makes of inputs.")

    @Argument(help: "The directory of the run.")
    var path: String

    @OptionGroup var options: PredictionOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        machine.apply()
        try KnownTasks.task(ofRunAt: path).predict(path, options)
    }
}

/// What is to be predicted, and how it is shown.
struct PredictionOptions: ParsableArguments {
    @Argument(help: "Texts, or files of pictures; lines of standard input where none is given.")
    var inputs: [String] = []

    @OptionGroup var checkpoint: CheckpointOption
    @OptionGroup var search: SearchOptions

    @Flag(help: "Draw where a translator looks while it writes, among the run's pictures.")
    var attention = false

    @Flag(help: "Print JSON lines only.")
    var json = false

    /// The inputs, one at a time, or those lines of standard input that are not empty.
    func lines() -> PredictionInputs { PredictionInputs(inputs, passingOver: \.isEmpty) }

    /// The inputs, one at a time, or the lines of standard input, the empty ones too.
    func allLines() -> PredictionInputs { PredictionInputs(inputs) }
}
