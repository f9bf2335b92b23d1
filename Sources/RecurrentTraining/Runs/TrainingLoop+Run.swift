import Foundation
import Recurrent

extension TrainingLoop where Task: StoredTask {
    /// Makes a loop for a run that was begun or taken up again, and keeps its schedule in the run.
    ///
    /// The loop holds the run's lock: nobody else can train in the run while it is there.
    /// - Throws: `RecurrentError` where the schedule cannot be written.
    public init(_ training: TaskRun<Task>.Training, schedule: TrainingSchedule) throws {
        try training.run.directory.save(schedule: schedule)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let configuration = StoredConfiguration(training.run.configuration)
        self.init(
            training.trainer, in: training.run.directory, schedule: schedule,
            configuration: String(decoding: try encoder.encode(configuration), as: UTF8.self),
            dataFingerprint: training.dataFingerprint)
        lock = training.lock
    }
}
