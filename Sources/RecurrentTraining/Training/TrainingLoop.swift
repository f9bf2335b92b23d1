import Foundation
import Recurrent

/// When a training run stops, reports and saves. None of it changes what is learned, so all of it may change on resume.
public struct TrainingSchedule: Sendable, Equatable, Codable {
    /// The number of steps after which the run is done, counted from its beginning.
    public var steps: Int
    /// The number of steps between two evaluations.
    public var evaluateEvery: Int
    /// The number of steps between two checkpoints.
    public var checkpointEvery: Int
    /// The number of checkpoints that are kept, beside the best.
    public var kept: Int
    /// The number of evaluations without a better one after which the run is done; nil for no such end.
    public var patience: Int?

    /// Makes a schedule.
    public init(steps: Int, evaluateEvery: Int, checkpointEvery: Int, kept: Int = 3, patience: Int? = nil) {
        require(evaluateEvery > 0 && checkpointEvery > 0 && kept > 0, "a schedule counts by 1 step or more")
        self.steps = steps
        self.evaluateEvery = evaluateEvery
        self.checkpointEvery = checkpointEvery
        self.kept = kept
        self.patience = patience
    }
}

/// What a training run tells while it goes on.
public enum TrainingEvent: Sendable {
    /// A step was made.
    case progressed(TrainingProgress)
    /// The run was evaluated, and the history has a new line.
    case evaluated(HistoryLine)
    /// A checkpoint was written at this path.
    case saved(String)
}

/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were made.
    case finished
    /// The validation had not become better for as many evaluations as the schedule's patience.
    case outOfPatience
    /// It was asked to stop, and saved.
    case stopped
}

/// Trains a model in a run directory: steps, evaluations, history, checkpoints.
public struct TrainingLoop<Task: TrainingTask>: Sendable {
    /// What is trained.
    public private(set) var trainer: Trainer<Task>
    private let run: RunDirectory
    private let schedule: TrainingSchedule
    private let configuration: String
    private let dataFingerprint: String
    /// Held while the loop trains in a run that others could take up.
    var lock: RunLock?
    private var savedStep: Int?
    private var history: [HistoryLine] = []

    /// Makes a loop. `configuration`, as JSON, and the fingerprint of the data are written to every checkpoint.
    package init(
        _ trainer: Trainer<Task>, in run: RunDirectory, schedule: TrainingSchedule, configuration: String,
        dataFingerprint: String
    ) {
        self.trainer = trainer
        self.run = run
        self.schedule = schedule
        self.configuration = configuration
        self.dataFingerprint = dataFingerprint
    }

    /// Trains until the schedule's last step, or until `shouldStop` after some step; either way a checkpoint of the
    /// last step is written.
    ///
    /// - Throws: `RecurrentError` when the loss is not finite, naming the step and the last good checkpoint, and when a
    ///   file cannot be written; what `report` throws. All but the first leave a checkpoint of the last step, where it
    ///   can be written.
    public mutating func train(
        until shouldStop: () -> Bool = { false },
        reporting report: (TrainingEvent, Trainer<Task>) throws -> Void = { _, _ in }
    ) throws -> TrainingOutcome {
        let began = ContinuousClock.now
        history = try run.history()
        // A run that was killed between a checkpoint and its mark takes the mark up again.
        if let best = trainer.task.criterion.best(of: history).map({ history[$0].step }),
            try run.checkpointSteps().contains(best)
        {
            try run.markBest(step: best)
        }
        let earlierSeconds = history.last?.seconds ?? 0
        var sinceReport = (time: began, step: trainer.step)
        var speed = 0.0
        if trainer.step == 0 { try save(report) }
        while trainer.step < schedule.steps && !isOutOfPatience {
            if shouldStop() {
                try save(report)
                return .stopped
            }
            let stepBegan = ContinuousClock.now
            let result = try advance()
            let latest = Double(trainer.task.itemsPerStep) / Self.seconds(.now - stepBegan)
            speed = speed == 0 ? latest : 0.95 * speed + 0.05 * latest
            let isLast = trainer.step == schedule.steps
            do {
                try report(.progressed(progress(loss: result.loss, speed: speed)), trainer)
                if trainer.step % schedule.evaluateEvery == 0 || isLast {
                    let items = Double((trainer.step - sinceReport.step) * trainer.task.itemsPerStep)
                    let speed = items / Self.seconds(.now - sinceReport.time)
                    let validation = try trainer.validation()
                    let line = HistoryLine(
                        step: trainer.step, epoch: trainer.passes, trainLoss: trainer.meanLoss,
                        validationLoss: validation?.loss,
                        measures: validation.flatMap { $0.measures.isEmpty ? nil : $0.measures },
                        gradientNorm: result.gradientNorm, itemsPerSecond: speed,
                        seconds: earlierSeconds + Self.seconds(.now - began))
                    trainer.resetMeanLoss()
                    try run.append(line)
                    history.append(line)
                    if trainer.task.criterion.best(of: history) == history.count - 1 {
                        try save(report)
                        try run.markBest(step: trainer.step)
                    }
                    try report(.evaluated(line), trainer)
                    sinceReport = (.now, trainer.step)
                }
            } catch {
                // Where nothing can be told any more, the work is kept all the same.
                try? save { _, _ in }
                throw error
            }
            if trainer.step % schedule.checkpointEvery == 0 || isLast || isOutOfPatience { try save(report) }
        }
        return trainer.step < schedule.steps ? .outOfPatience : .finished
    }

    private var isOutOfPatience: Bool {
        guard let patience = schedule.patience, let best = trainer.task.criterion.best(of: history) else {
            return false
        }
        return history.count - 1 - best >= patience
    }

    private mutating func advance() throws -> TrainingStep<Void> {
        do { return try trainer.advance() } catch let error as RecurrentError {
            // The weights that give such a loss are not saved.
            throw RecurrentError("\(error). \(lastGoodCheckpoint)")
        }
    }

    private func progress(loss: Float, speed: Double) -> TrainingProgress {
        let itemsLeft = Double(schedule.steps - trainer.step) * Double(trainer.task.itemsPerStep)
        return TrainingProgress(
            step: trainer.step, totalSteps: schedule.steps, loss: Double(loss), itemsPerSecond: speed,
            secondsLeft: itemsLeft / speed)
    }

    private var lastGoodCheckpoint: String {
        guard let step = try? run.latestCheckpoint().step else { return "The run has no good checkpoint" }
        return "The last good checkpoint is \(run.checkpointPath(step: step))"
    }

    private mutating func save(_ report: (TrainingEvent, Trainer<Task>) throws -> Void) throws {
        guard savedStep != trainer.step else { return }
        let model = trainer.model
        guard model.parameters.values.allSatisfy(\.isFinite), model.statistics.values.allSatisfy(\.isFinite) else {
            throw RecurrentError(
                "step \(trainer.step): weights have become infinite or no numbers. Try a smaller learning "
                    + "rate or stronger gradient clipping. \(lastGoodCheckpoint)")
        }
        try run.save(
            trainer.checkpoint(configuration: configuration, dataFingerprint: dataFingerprint),
            keeping: schedule.kept)
        savedStep = trainer.step
        try report(.saved(run.checkpointPath(step: trainer.step)), trainer)
    }

    private static func seconds(_ duration: Duration) -> Double {
        max(1e-9, Double(duration.components.seconds) + 1e-18 * Double(duration.components.attoseconds))
    }
}
