import Foundation
import Recurrent
import RecurrentTraining
import Testing

/// Runs whose files were damaged, or made by someone who means harm.
@Suite struct DamageTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.train("run", "--max-steps", "4", "--eval-every", "2")
    }

    private func expectRefusal(_ arguments: [String] = ["inspect", "run"], _ message: String = "Error: ") throws {
        let result = try workspace.rnn(arguments)
        #expect(result.status == 1, "\(result.error)")
        #expect(result.error.hasPrefix("Error: ") && result.error.contains(message), "\(result.error)")
    }

    @Test func truncatedCheckpoints() throws {
        let name = Workspace.checkpointPath("run", 4)
        let whole = try workspace.checkpoint("run", 4)
        for count in Array(stride(from: 0, to: whole.count, by: whole.count / 40)) + [1, 7, 8, 9, whole.count - 1] {
            try workspace.write(whole.prefix(count), to: name)
            try expectRefusal(["generate", "run"], "step-00000002.safetensors is complete")
        }
        try workspace.write(whole + [0], to: name)
        try expectRefusal()
    }

    @Test func changedCheckpoints() throws {
        let name = Workspace.checkpointPath("run", 4)
        let whole = try workspace.checkpoint("run", 4)
        for index in stride(from: 0, to: whole.count, by: whole.count / 40) {
            var changed = whole
            changed[index] ^= index % 2 == 0 ? 1 : 0x80
            try workspace.write(changed, to: name)
            try expectRefusal()
        }
    }

    @Test(arguments: ["", "../../run/checkpoints/x", "step-00000009.safetensors\n", "step--0000001.safetensors", "\0"])
    func damagedLatest(_ text: String) throws {
        try workspace.write(text, to: "run/checkpoints/latest")
        try expectRefusal(["resume", "run"], "write its name into run/checkpoints/latest")
    }

    @Test(arguments: [
        ("\"hiddenSize\" : 8", "\"hiddenSize\" : -8", "--rnn-size is -8"),
        ("\"hiddenSize\" : 8", "\"hiddenSize\" : 1e300", "not valid"),
        ("\"hiddenSize\" : 8", "\"hiddenSize\" : \"8\"", "another type"),
        ("\"hiddenSize\" : 8", "\"hiddenSize\" : 65536", "larger than this machine's memory"),
        ("\"hiddenSize\" : 8", "\"hiddenSize\" : 9", "changed since the checkpoint"),
        ("\"forgetBias\" : 0", "\"forgetBias\" : 1", "changed since the checkpoint"),
        ("\"learningRate\" : 0.002", "\"learningRate\" : NaN", "not valid"),
        ("\"learningRate\" : 0.002", "\"learningRate\" : 0.2", "changed since the checkpoint"),
        ("\"cell\" : \"lstm\"", "\"cell\" : \"mlp\"", "mlp"),
        ("\"task\" : \"text\"", "\"task\" : \"dreams\"", "dreams"),
        ("{", "", "not valid"),
    ])
    func damagedConfiguration(_ old: String, _ new: String, _ message: String) throws {
        let text = String(decoding: try workspace.read("run/config.json"), as: UTF8.self)
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        try workspace.write(changed, to: "run/config.json")
        try expectRefusal(["generate", "run"], message)
        try expectRefusal(["resume", "run"], message)
    }

    @Test(arguments: [
        #"{"level": "byte"}"#, #"{"level": "character", "characters": ["a", "b"]}"#, #"{"characters": []}"#, "[]",
        #"{"level": "character", "characters": ["b", "a"]}"#, #"{"level": "character", "characters": ["ab", "c"]}"#,
    ])
    func damagedVocabulary(_ text: String) throws {
        try workspace.write(text, to: "run/vocabulary.json")
        try expectRefusal(["generate", "run"])
    }

    @Test func damagedHistory() throws {
        let text = String(decoding: try workspace.read("run/history.jsonl"), as: UTF8.self)
        try workspace.write("{\"step\": 1e300}\n" + text, to: "run/history.jsonl")
        try expectRefusal(["resume", "run"], "run/history.jsonl, line 1")
        try expectRefusal(["inspect", "run"], "run/history.jsonl, line 1")
    }

    @Test(arguments: ["config.json", "vocabulary.json", "checkpoints"])
    func missingFiles(_ name: String) throws {
        try FileManager.default.removeItem(atPath: workspace.path + "/run/" + name)
        try expectRefusal(["generate", "run"], name)
    }

    @Test func withoutLatestTheNewestCheckpointCounts() throws {
        try FileManager.default.removeItem(atPath: workspace.path + "/run/checkpoints/latest")
        #expect(try workspace.rnn("inspect", "run", "--json").object()["step"] as? Int == 4)
    }

    /// Weights that are no numbers, in a file that is otherwise whole: the moments of the optimiser make them.
    @Test func weightsThatAreNoNumbersAreNeverSaved() throws {
        var file = try TensorFile(data: workspace.checkpoint("run", 4), file: "checkpoint")
        for index in file.entries.indices where file.entries[index].name.hasPrefix("optimizer/secondMoment/output") {
            file.entries[index].values = file.entries[index].values.map { _ in -1 }
        }
        try workspace.write(file.encoded(), to: Workspace.checkpointPath("run", 4))
        let result = try workspace.rnn("resume", "run", "--max-steps", "9", "--checkpoint-every", "1")
        #expect(result.status == 1)
        #expect(result.error.contains("step 5") && result.error.contains(Workspace.checkpointPath("run", 4)))
        #expect(!workspace.exists(Workspace.checkpointPath("run", 5)))
        let later = try workspace.rnn("resume", "run", "--max-steps", "9", "--checkpoint-every", "9")
        #expect(later.status == 1)
        #expect(later.error.contains("step 6: the loss is") && later.error.contains("last good checkpoint"))
        #expect(try workspace.rnn("inspect", "run", "--json").object()["step"] as? Int == 4)
    }
}
