import Foundation
import Recurrent

/// A task's run directory: begun, taken up again, or opened to use the model.
public struct TaskRun<Task: StoredTask>: Sendable {
    /// Where the run is kept.
    public let directory: RunDirectory
    /// What the model is and how it is trained.
    public let configuration: Task.Configuration
    /// What was found out from the training data: the vocabulary, scalers, classes.
    public let preparation: Task.Preparation
    /// What identifies the data that the run was trained on, once a checkpoint has said so.
    private var ownFingerprint: String?

    /// A run with its training at some step.
    public struct Training: Sendable {
        /// The run.
        public let run: TaskRun
        /// The training.
        public var trainer: Trainer<Task>
        /// What identifies the data: its `Fingerprint`.
        package let dataFingerprint: String
        /// The instruction set that the latest checkpoint was computed with, where it is another than the one in use.
        package let otherLevel: String?
        /// Keeps others from training in the same run.
        let lock: RunLock
    }

    /// Which of a run's checkpoints to use.
    public enum CheckpointChoice: Sendable, Equatable {
        /// The one with the best validation, or the latest where the run is not validated.
        case best
        /// The newest.
        case latest
        /// That of a step.
        case step(Int)
    }

    /// Begins a new run.
    /// - Parameters:
    ///   - configuration: What to train.
    ///   - initialRun: A run whose latest parameters and preparation the training starts from.
    ///   - makeDirectory: Makes the run's directory, once all input has been found to be good.
    /// - Throws: `RecurrentError` where an option or the data is not usable, or the directory cannot be made.
    public static func begin(
        _ configuration: Task.Configuration, initialRun: TaskRun? = nil, makeDirectory: () throws -> RunDirectory
    ) throws -> Training {
        try configuration.validate()
        let source = try Task.read(configuration)
        let preparation = try initialRun?.preparation ?? Task.prepare(source, configuration)
        if initialRun != nil { try Task.check(preparation, configuration) }
        try checkMemory(Task.estimatedBytes(configuration, preparation))
        let task = try Task(configuration, preparation: preparation, source: source)
        var model = Task.makeModel(configuration, preparation)
        if let initialRun {
            let initial = try initialRun.model(.latest).model
            try model.parameters.load(initial.parameters.entries, file: initialRun.directory.path)
            try model.statistics.load(initial.statistics.entries, file: initialRun.directory.path)
        }
        let directory = try makeDirectory()
        try directory.save(preparation, named: Task.preparationFile)
        try directory.save(configuration: StoredConfiguration(configuration))
        return Training(
            run: TaskRun(directory: directory, configuration: configuration, preparation: preparation),
            trainer: Trainer(configuration, model: model, task: task), dataFingerprint: source.fingerprint,
            otherLevel: nil, lock: try directory.lock())
    }

    private static func checkMemory(_ needed: Double) throws {
        guard needed < 0.8 * Double(ProcessInfo.processInfo.physicalMemory) else {
            throw RecurrentError(
                "this model and batch need about \(Int((needed / 1e9).rounded(.up))) GB of memory, which this machine "
                    + "does not have: lower the model's size or the batch's")
        }
    }

    private init(directory: RunDirectory, configuration: Task.Configuration, preparation: Task.Preparation) {
        self.directory = directory
        self.configuration = configuration
        self.preparation = preparation
    }

    /// Opens a run.
    ///
    /// - Throws: `RecurrentError` where there is none at the path, or its files are damaged.
    public init(openingAt path: String) throws {
        directory = try RunDirectory.open(at: path)
        let name = try directory.taskName()
        guard name == Task.Configuration.taskName else {
            throw RecurrentError(
                "\(directory.path): this is a run of the task \"\(name)\"; expected \(Task.Configuration.taskName)")
        }
        configuration = try directory.configuration(of: Task.Configuration.self)
        do { try configuration.validate() } catch {
            throw RecurrentError("\(directory.configurationPath): \(error)")
        }
        preparation = try directory.load(Task.Preparation.self, named: Task.preparationFile)
        do { try Task.check(preparation, configuration) } catch {
            throw RecurrentError("\(directory.path)/\(Task.preparationFile): \(error)")
        }
        let needed = Task.estimatedBytes(configuration, preparation)
        guard needed < 4 * Double(ProcessInfo.processInfo.physicalMemory) else {
            throw RecurrentError("\(directory.configurationPath): the model is far larger than this machine's memory")
        }
    }

    /// Takes the training up again at the latest checkpoint.
    ///
    /// - Parameter dataPath: Where the data is now, which the run remembers, or nil where it has not moved.
    /// - Throws: `RecurrentError` where the data has changed or a file is damaged.
    public func resume(dataPath: String? = nil) throws -> Training {
        let lock = try directory.lock()
        let checkpoint = try checkpoint(.latest)
        let source: Task.Source
        do { source = try self.source(dataPath: dataPath) } catch let error where dataPath == nil {
            throw RecurrentError("\(error). Where the data is elsewhere now, say where with `data`")
        }
        guard checkpoint.dataFingerprint == source.fingerprint else {
            throw RecurrentError(
                "\(source.names) has changed since the run began (\(source.fingerprint), not "
                    + "\(checkpoint.dataFingerprint)): bring the old data back, or begin a new run, with `initialRun` "
                    + "\(directory.path) to start from these weights")
        }
        let task = try Task(configuration, preparation: preparation, source: source)
        var trainer = Trainer(configuration, model: Task.makeModel(configuration, preparation), task: task)
        try trainer.restore(checkpoint, file: directory.checkpointPath(step: checkpoint.step))
        try directory.cutHistory(after: checkpoint.step)
        var moved = configuration
        if let dataPath { moved.moveData(to: dataPath) }
        if moved != configuration { try directory.save(configuration: StoredConfiguration(moved)) }
        let run = TaskRun(directory: directory, configuration: moved, preparation: preparation)
        let isOther = !checkpoint.level.isEmpty && checkpoint.level != RecurrentKernels.level
        return Training(
            run: run, trainer: trainer, dataFingerprint: source.fingerprint,
            otherLevel: isOther ? checkpoint.level : nil, lock: lock)
    }

    /// The run's data, or that of another path.
    ///
    /// - Throws: `RecurrentError` where it cannot be read; of a run to be evaluated, also where it is not what the run was
    ///   trained on.
    public func source(dataPath: String? = nil) throws -> Task.Source {
        var configuration = configuration
        if let dataPath { configuration.moveData(to: dataPath) }
        let source = try Task.read(configuration)
        guard dataPath != nil || ownFingerprint == nil || ownFingerprint == source.fingerprint else {
            throw RecurrentError(
                "\(source.names) has changed since the run was trained on it, so what it kept from training is not known "
                    + "any more: to evaluate on all of a file as it is now, say it with `data`")
        }
        return source
    }

    /// Whether data that was read from a path is the run's own, which has a part that was kept from training: no other
    /// path was given, or the data has only moved there.
    package func isOwn(_ source: Task.Source, from dataPath: String?) -> Bool {
        dataPath == nil || source.fingerprint == ownFingerprint
    }

    /// The model with the parameters of a checkpoint, and that checkpoint's step.
    ///
    /// - Throws: `RecurrentError` where the checkpoint is missing, damaged, or belongs to another network.
    public func model(_ choice: CheckpointChoice = .best) throws -> (model: Model<Task.Network>, step: Int) {
        let checkpoint = try checkpoint(choice)
        return (try model(of: checkpoint), checkpoint.step)
    }

    /// The model of a checkpoint, and the run as it is to be evaluated: it takes for its own only the data that it was
    /// trained on.
    ///
    /// - Throws: `RecurrentError` where the checkpoint is missing, damaged, or belongs to another network.
    package func evaluated(
        _ choice: CheckpointChoice = .best
    ) throws -> (run: TaskRun, model: Model<Task.Network>, step: Int) {
        let checkpoint = try checkpoint(choice)
        var run = self
        run.ownFingerprint = checkpoint.dataFingerprint
        return (run, try model(of: checkpoint), checkpoint.step)
    }

    private func model(of checkpoint: Checkpoint) throws -> Model<Task.Network> {
        var model = Task.makeModel(configuration, preparation)
        let file = directory.checkpointPath(step: checkpoint.step)
        try model.parameters.load(checkpoint.parameters, file: file)
        try model.statistics.load(checkpoint.statistics, file: file)
        return model
    }

    /// A checkpoint, if it was written under the configuration that the run has now.
    private func checkpoint(_ choice: CheckpointChoice) throws -> Checkpoint {
        let checkpoint =
            switch choice {
            case .best: try directory.bestCheckpoint()
            case .latest: try directory.latestCheckpoint()
            case .step(let step): try directory.checkpoint(step: step)
            }
        let written = try? Task.Configuration(stored: Data(checkpoint.configuration.utf8))
        guard written?.withData(of: configuration) == configuration else {
            throw RecurrentError(
                "\(directory.configurationPath): it was changed since the checkpoint of step \(checkpoint.step) was "
                    + "written; to use that, put this back: \(checkpoint.configuration)")
        }
        return checkpoint
    }
}
