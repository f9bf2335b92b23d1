import Foundation
import Recurrent
import RecurrentTraining
import TestSupport
import Testing

/// Runs that version 0.1 made, before the library was divided into targets: `Fixtures/version-0.1/README.md`.
@Suite struct OldRunsTests {
    private static func copy(_ task: String) throws -> Workspace {
        let workspace = try Workspace()
        let fixtures = try Fixture.directory("version-0.1")
        for name in [task, "sea.txt"] {
            try FileManager.default.copyItem(atPath: "\(fixtures)/\(name)", toPath: "\(workspace.path)/\(name)")
        }
        return workspace
    }

    /// Going on with an old run leads to the weights that the old version went on to.
    @Test(arguments: [("text", 40), ("series", 36)])
    func goOnAsBefore(_ task: String, _ steps: Int) throws {
        let workspace = try Self.copy(task)
        let data = task == "text" ? ["--data", workspace.path + "/sea.txt"] : []
        let resumed = try workspace.rnn(
            ["resume", task, "--max-steps", "\(steps)", "--cpu-level", "portable", "--sample-length", "0"] + data)
        #expect(resumed.status == 0, "\(resumed.error)")
        let found = try RunDirectory.open(at: workspace.path + "/" + task).latestCheckpoint()
        let expected = try Checkpoint(
            contentsOf: Fixture.directory("version-0.1") + "/\(task)-after-\(steps)-steps.safetensors")
        #expect(found.step == steps && found.dataFingerprint == expected.dataFingerprint)
        for (mine, old) in [
            (found.parameters, expected.parameters), (found.carriedState, expected.carriedState),
        ] {
            #expect(mine.map(\.name) == old.map(\.name) && mine.map(\.shape) == old.map(\.shape))
            let apart = zip(mine.flatMap(\.values), old.flatMap(\.values)).map { abs($0 - $1) }.max() ?? 0
            // Other processors round the portable kernels' sums otherwise.
            #if arch(x86_64)
                #expect(apart == 0)
            #else
                #expect(apart < 1e-4)
            #endif
        }
    }

    @Test func areEvaluatedAsBefore() throws {
        let text = try Self.copy("text")
        let sea = try String(contentsOfFile: text.path + "/sea.txt", encoding: .utf8)
        try text.write(sea + sea, to: "twice.txt")
        let loss =
            try text.rnn(
                ["evaluate", "text", "--json", "--cpu-level", "portable", "--data", text.path + "/twice.txt"]
            ).object()["loss"] as? Double
        #expect(abs(try #require(loss) - 3.265140) < 1e-4)
        let series = try Self.copy("series")
        let found = try series.rnn(["evaluate", "series", "--json", "--cpu-level", "portable"]).object()
        let between = try #require(found["between"] as? [String: Any])
        #expect(abs(try #require(between["rmse"] as? Double) - 6.412826) < 1e-4)
    }
}
