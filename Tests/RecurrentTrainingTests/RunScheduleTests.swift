import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentTraining

/// What a run keeps for its resume, and that only one process trains in it.
struct RunScheduleTests {
    private func makeRun(in directory: String) throws -> RunDirectory {
        let run = try RunDirectory.create(at: directory + "/run")
        try run.save(configuration: ["task": "text"])
        return run
    }

    @Test func scheduleIsKept() throws {
        try withTemporaryDirectory { directory in
            let run = try makeRun(in: directory)
            #expect(try run.schedule() == nil)
            let schedule = TrainingSchedule(steps: 70, evaluateEvery: 7, checkpointEvery: 14)
            try run.save(schedule: schedule)
            #expect(try run.schedule() == schedule)
        }
    }

    @Test func scheduleOfNoStepsIsRefused() throws {
        try withTemporaryDirectory { directory in
            let run = try makeRun(in: directory)
            try run.save(["steps": 5, "evaluateEvery": 0, "checkpointEvery": 1, "kept": 1], to: run.schedulePath)
            #expect(throws: RecurrentError.self) { try run.schedule() }
        }
    }

    @Test func onlyOneTrainsInARun() throws {
        try withTemporaryDirectory { directory in
            let run = try makeRun(in: directory)
            var first: RunLock? = try run.lock()
            #expect(throws: RecurrentError.self) { try run.lock() }
            #expect(first != nil)
            first = nil
            _ = try run.lock()
        }
    }
}
