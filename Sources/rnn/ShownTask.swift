import ArgumentParser
import Recurrent
import RecurrentTasks
import RecurrentTraining

/// What the command shows of a task and does with its runs.
protocol ShownTask: StoredTask {
    /// What the speed of training counts, as in "tokens".
    static var unit: String { get }

    /// What the loss is measured in, as in "nats a token".
    static var lossUnit: String { get }

    /// The first line about a run: what is trained.
    static func title(_ configuration: Configuration, _ preparation: Preparation) -> String

    /// The passes over the data after which training is over, where nobody says so; an evaluation after each.
    static var usualEpochs: Int { get }

    /// When training stops, evaluates and saves where nobody says so.
    static func schedule(_ configuration: Configuration, stepsPerEpoch: Int) -> TrainingSchedule

    /// What the model makes of something after an evaluation, or nil.
    /// - Parameters:
    ///   - length: How long it is to be, where the task's samples have lengths.
    ///   - shouldStop: Whether to leave off.
    static func sample(
        _ trainer: Trainer<Self>, _ run: TaskRun<Self>, length: Int, until shouldStop: () -> Bool
    ) throws -> String?

    /// What there is to say about the data before training begins, a line each.
    var remarks: [String] { get }

    /// How good a trained model is: on the run's own data kept for this, or on other data.
    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report

    /// Whether the model searches for what it writes, so that `SearchOptions` mean something.
    static var canSearch: Bool { get }

    /// Says where a run is not run step by step with weights of a precision.
    static func check(_ weights: WeightPrecision, _ run: TaskRun<Self>) throws

    /// Shows what training has led to.
    static func finish(_ run: TaskRun<Self>, json: Bool) throws

    /// The command that a newcomer would type next.
    static func use(of run: TaskRun<Self>) -> String

    /// What kind of file `generate --out` writes, or nil where what is made goes to standard output only.
    static var generatedFile: String? { get }

    /// Makes something new with a trained model.
    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws

    /// Says what a trained model makes of inputs.
    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws

    /// Writes what a trained model has learned for other programs.
    static func export(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ExportOptions) throws
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

/// What was found out about a model: for people, and for machines.
struct Report {
    /// Lines of text.
    var lines: [String]
    /// The same as fields of JSON.
    var fields: [String: any Sendable]
    /// What is said to people beside it.
    var notes: [String] = []

    /// Shows it to people, or to machines.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    func show(asJSON isJSON: Bool) throws {
        if isJSON { return try Console.json(fields) }
        try Console.result(lines.joined(separator: "\n"))
        notes.forEach(Console.note)
    }
}

extension Report {
    // Names that are shown beside the most probable one.
    private static let shownNext = 2

    /// What a model makes of a text: names and their probabilities, the most probable first.
    init(of text: String, _ names: [String], _ probabilities: [Float], fields: [String: any Sendable]) {
        let shares = zip(names, probabilities.map(Double.init))
        let shown = shares.prefix(1 + Self.shownNext).map { "\($0) " + String(format: "%.4f", $1) }
        lines = ["\(text) \(shown[0])  (\(shown.dropFirst().joined(separator: ", ")))"]
        self.fields = fields
        self.fields["probability"] = Double(probabilities[0])
        self.fields["probabilities"] = Dictionary(uniqueKeysWithValues: shares)
    }
}

extension ShownTask {
    static var name: String { Configuration.taskName }

    static var generatedFile: String? { nil }

    static var usualEpochs: Int { 10 }

    static func schedule(_ configuration: Configuration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(
            steps: usualEpochs * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: stepsPerEpoch)
    }

    static func sample(
        _ trainer: Trainer<Self>, _ run: TaskRun<Self>, length: Int, until shouldStop: () -> Bool
    ) throws -> String? { nil }

    static func finish(_ run: TaskRun<Self>, json: Bool) throws { try reportFinished(run, json: json) }

    /// Shows how good the trained model is, and what to type next.
    static func reportFinished(_ run: TaskRun<Self>, json: Bool) throws {
        let (model, step) = try run.model()
        var report = try report(run, model, ReportOptions())
        report.lines.insert("With the weights of step \(step), the \(run.directory.hasBest ? "best" : "last"):", at: 0)
        report.fields["event"] = "finished"
        report.fields["step"] = step
        report.notes.append("To use it: \(use(of: run))")
        try report.show(asJSON: json)
    }

    var remarks: [String] { [] }

    static var canSearch: Bool { false }

    static func check(_ weights: WeightPrecision, _ run: TaskRun<Self>) throws {
        throw RecurrentError(
            "--weights is \(weights.rawValue), but \(run.directory.path) is a run of the task \"\(name)\", which takes the "
                + "weights as they are; expected a run of the task \"text\"")
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn evaluate \(run.directory.path)" }

    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws {
        throw RecurrentError("\(run.directory.path): a run of the task \"\(name)\" generates nothing new")
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        throw RecurrentError("\(run.directory.path): a run of the task \"\(name)\" takes no inputs to predict from")
    }

    static func export(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ExportOptions) throws {
        throw RecurrentError("\(run.directory.path): a run of the task \"\(name)\" has no word vectors to export")
    }

    static func resume(at path: String, dataPath: String?, schedule: ScheduleOptions) throws {
        let training = try TaskRun<Self>(openingAt: path).resume(dataPath: dataPath)
        if let level = training.otherLevel {
            Console.note(
                "So far this run was computed with \(level), now it is with \(RecurrentKernels.level): results will differ by "
                    + "rounding. To go on as before: \(MachineOptions.option(forLevel: level))")
        }
        try TrainingSession<Self>(schedule: schedule).run(training)
    }

    static func evaluate(
        _ path: String, _ choice: CheckpointOption, _ options: ReportOptions, json: Bool
    ) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try options.search.map { try check($0, path) }
        try options.weights.map { try check($0, run) }
        let (model, step) = try run.model(choice.of(Self.self))
        var report = try report(run, model, options)
        let isBest = choice.checkpoint == "best" && run.directory.hasBest
        report.lines.insert("step \(step)\(isBest ? ", the best" : "")", at: 0)
        report.fields["step"] = step
        try report.show(asJSON: json)
    }

    static func generate(_ path: String, _ options: GenerationOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try options.weights.map { try check($0, run) }
        if let out = options.out, generatedFile == nil {
            throw RecurrentError(
                "--out is \(out), but a run of the task \"\(name)\" writes no file: what it makes goes to standard output"
            )
        }
        try generate(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }

    private static func check(_ search: SearchOptions, _ path: String) throws {
        guard canSearch || !search.isGiven else {
            throw RecurrentError("\(path): a run of the task \"\(name)\" searches for nothing, and takes no --beam")
        }
    }

    static func predict(_ path: String, _ options: PredictionOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try check(options.search, path)
        guard canSearch || !options.attention else {
            throw RecurrentError("\(path): a run of the task \"\(name)\" has no attention to draw")
        }
        try predict(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }

    static func export(_ path: String, _ options: ExportOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try export(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }
}

/// The tasks that the command knows.
enum KnownTasks {
    static let all: [any ShownTask.Type] = [
        TextTask.self, SeriesTask.self, ImagesTask.self, ClassifyTask.self, DescribeTask.self, AddingTask.self,
        MelodyTask.self, AnswerTask.self, SkipGramTask.self, SortTask.self, TranslateTask.self,
        HandwritingTask.self,
    ]

    /// The task of a run.
    ///
    /// - Throws: `RecurrentError` where there is no run, or its task is unknown.
    static func task(ofRunAt path: String) throws -> any ShownTask.Type {
        let name = try RunDirectory.open(at: path).taskName()
        guard let task = all.first(where: { $0.name == name }) else {
            throw RecurrentError(
                "\(path): this is a run of the task \"\(name.prefix(60))\"; expected one of "
                    + all.map { $0.name }.joined(separator: ", "))
        }
        return task
    }
}
