import Foundation
import Recurrent

extension RunDirectory {
    /// The path of the run's schedule.
    package var schedulePath: String { path + "/schedule.json" }

    /// Writes when the run stops, evaluates and saves, for a resume that is not told otherwise.
    package func save(schedule: TrainingSchedule) throws { try save(schedule, to: schedulePath) }

    /// The schedule that the run had last, or nil where it was killed before it was written.
    ///
    /// - Throws: `RecurrentError` where the file is damaged or its numbers are not positive.
    public func schedule() throws -> TrainingSchedule? {
        guard access(schedulePath, F_OK) == 0 else { return nil }
        let schedule = try load(TrainingSchedule.self, from: schedulePath)
        guard schedule.steps >= 0, schedule.evaluateEvery > 0, schedule.checkpointEvery > 0, schedule.kept > 0 else {
            throw RecurrentError("\(schedulePath): the numbers of steps must be positive; remove the file")
        }
        return schedule
    }

    /// Takes the run for this process's training, until the lock goes away.
    ///
    /// - Throws: `RecurrentError` where another process trains in the run.
    func lock() throws -> RunLock {
        let descriptor = Foundation.open(configurationPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RecurrentError.system(errno, "cannot open", path: configurationPath) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK {
                throw RecurrentError("\(path): another process is training in this run; wait for it, or stop it")
            }
            throw RecurrentError.system(reason, "cannot lock", path: configurationPath)
        }
        return RunLock(descriptor: descriptor)
    }
}

/// A run that is taken; free again when this goes away.
final class RunLock: Sendable {
    private let descriptor: Int32

    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
