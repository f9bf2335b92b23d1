import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentTraining

@Suite struct RunCheckpointsTests {
    /// Calls a function with a run that has checkpoints of some steps.
    private func withRun(_ steps: [Int], keeping count: Int = 10, _ body: (RunDirectory) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            for step in steps { try run.save(Checkpoint(step: step, counters: ["a": step]), keeping: count) }
            try body(run)
        }
    }

    private func damage(_ path: String) throws {
        var data = try FileContents.read(path, limit: 1 << 20)
        data[data.count / 2] ^= 1
        try data.write(to: URL(fileURLWithPath: path))
    }

    private func message(_ run: RunDirectory) -> String {
        do {
            return "step \(try run.latestCheckpoint().step)"
        } catch {
            return "\(error)"
        }
    }

    @Test func theLastOnesAreKept() throws {
        try withRun([100, 200, 300, 400], keeping: 2) { run in
            #expect(try run.checkpointSteps() == [300, 400])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: run.checkpointsPath).sorted() == [
                    "latest", "step-00000300.safetensors", "step-00000400.safetensors",
                ])
            #expect(try String(contentsOfFile: run.latestPath, encoding: .utf8) == "step-00000400.safetensors\n")
            #expect(try run.latestCheckpoint() == Checkpoint(step: 400, counters: ["a": 400]))
            // A run that goes on from an older one leads `latest` back.
            try run.save(Checkpoint(step: 350), keeping: 1)
            #expect(try run.checkpointSteps() == [350, 400])
            #expect(try run.latestCheckpoint().step == 350)
            try run.save(Checkpoint(step: 1_234_567_890), keeping: 0)
            #expect(try run.checkpointSteps() == [1_234_567_890])
            #expect(try run.latestCheckpoint().step == 1_234_567_890)
        }
    }

    @Test func aDamagedLatestNamesAnOlderOne() throws {
        try withRun([1, 2, 3]) { run in
            try damage(run.checkpointPath(step: 2))
            try damage(run.checkpointPath(step: 3))
            let text = message(run)
            #expect(text.hasPrefix(run.checkpointPath(step: 3) + ": "))
            #expect(text.contains("step-00000001.safetensors is complete"))
            try damage(run.checkpointPath(step: 1))
            #expect(message(run).contains("no other checkpoint"))
            unlink(run.checkpointPath(step: 3))
            #expect(message(run).contains("step-00000003.safetensors: there is no such file"))
        }
    }

    @Test func withoutLatestTheNewestCompleteOneIsTaken() throws {
        try withRun([1, 2, 3]) { run in
            unlink(run.latestPath)
            try damage(run.checkpointPath(step: 3))
            #expect(try run.latestCheckpoint().step == 2)
        }
        try withRun([]) { run in #expect(message(run).contains("no checkpoint that can be used")) }
    }

    @Test(arguments: ["", "../../x.safetensors", "step-1.safetensors", "step--0000001.safetensors", "step-00000009"])
    func aStrangeLatestIsRefused(name: String) throws {
        try withRun([1]) { run in
            try Data(name.utf8).write(to: URL(fileURLWithPath: run.latestPath))
            #expect(message(run).contains("is no name of a checkpoint"))
            #expect(message(run).contains("step-00000001.safetensors is complete"))
        }
    }

    @Test func aRenamedCheckpointIsRefused() throws {
        try withRun([1, 2]) { run in
            unlink(run.checkpointPath(step: 2))
            #expect(link(run.checkpointPath(step: 1), run.checkpointPath(step: 2)) == 0)
            #expect(message(run).contains("this is the checkpoint of step 1"))
        }
    }

    @Test func whatKilledWritersLeftIsIgnoredAndRemoved() throws {
        try withRun([1]) { run in
            let leftover = run.checkpointsPath + "/.step-00000002.safetensors.0123abcd.partial"
            #expect(FileManager.default.createFile(atPath: leftover, contents: Data([1])))
            #expect(try run.latestCheckpoint().step == 1)
            try run.save(Checkpoint(step: 3), keeping: 5)
            #expect(access(leftover, F_OK) != 0)
            #expect(try run.checkpointSteps() == [1, 3])
        }
    }
}
