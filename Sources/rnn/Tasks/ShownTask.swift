import Recurrent
import RecurrentTraining

/// What the command shows of a task. What it does with a trained model beside is in `GeneratingTask`, `PredictingTask` and
/// `ExportingTask`, for those that can.
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
}

extension ShownTask {
    static var name: String { Configuration.taskName }

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
}
