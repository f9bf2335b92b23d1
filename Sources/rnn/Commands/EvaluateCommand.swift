import ArgumentParser
import Recurrent
import RecurrentTraining

/// `rnn evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Evaluates a trained model.",
        discussion: """
            On the part of its data that the run kept from training, or on all of other data. Where the run's data was \
            changed since, that part is not known any more, and --data has to say what to evaluate on.
            """)

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

/// What a model is evaluated on, and how.
struct ReportOptions {
    /// Other data than the run's own that was kept for this.
    var dataPath: String?
    /// How what the model writes is searched for, of tasks that do; the most likely word after word where nil.
    var search: SearchOptions?
    /// What the weights are kept as, of runs that are run step by step; as they are where nil.
    var weights: WeightPrecision?
}

extension ShownTask {
    /// Shows how good the model of a run is.
    static func evaluate(
        _ path: String, _ choice: CheckpointOption, _ options: ReportOptions, json: Bool
    ) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try options.search.map { try check($0, path) }
        try options.weights.map { try check($0, run) }
        let (own, model, step) = try run.evaluated(choice.of(Self.self))
        var report = try report(own, model, options)
        let isBest = choice.checkpoint == "best" && run.directory.hasBest
        report.lines.insert("step \(step)\(isBest ? ", the best" : "")", at: 0)
        report.fields["step"] = step
        try report.show(asJSON: json)
    }
}
