import Foundation
import Testing

/// `--weights`: text written, judged and measured with smaller weights.
@Suite struct WeightsTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.train("run", "--max-steps", "60", "--learning-rate", "0.02")
    }

    @Test func textIsWrittenWithEveryPrecision() throws {
        let texts = try [[], ["--weights", "fp32"], ["--weights", "bf16"], ["--weights", "int8"]].map { weights in
            let result = try workspace.rnn(["generate", "run", "--length", "400", "--seed", "3"] + weights)
            #expect(result.status == 0 && result.output.unicodeScalars.count == 401)
            return result.output
        }
        #expect(texts[0] == texts[1])
        // A draw falls the other way somewhere.
        #expect(texts[3] != texts[0])
    }

    @Test func evaluationTellsWhatSmallerWeightsCost() throws {
        let whole = try workspace.rnn("evaluate", "run", "--json").object()
        let loss = try #require(whole["loss"] as? Double)
        #expect(whole["weights"] == nil)
        for (weights, bound) in [("fp32", 1e-5), ("bf16", 2e-3), ("int8", 1e-2)] {
            let judged = try workspace.rnn("evaluate", "run", "--weights", weights, "--json").object()
            #expect(judged["weights"] as? String == weights)
            #expect(judged["tokens"] as? Int == whole["tokens"] as? Int)
            #expect(abs(try #require(judged["loss"] as? Double) - loss) < bound)
        }
        #expect(try workspace.rnn("evaluate", "run", "--weights", "int8").output.contains("weights as int8"))
    }

    @Test func benchmarksTellWhatTheyRead() throws {
        let arguments = ["benchmark", "generate-lstm-2x128", "--seconds", "0.01", "--weights", "int8"]
        let fields = try workspace.rnn(arguments + ["--json"]).object()
        #expect(fields["weights"] as? String == "int8")
        let bytes = try #require(fields["bytes_per_step"] as? Double)
        let seconds = try #require(fields["seconds"] as? Double)
        let bandwidth = try #require(fields["read_bandwidth"] as? Double)
        let fraction = try #require(fields["bandwidth_fraction"] as? Double)
        #expect(abs(fraction - bytes / seconds / bandwidth) < 1e-9)
        #expect(try workspace.rnn(arguments).output.contains("of read"))
    }

    @Test func whatCannotTakeSmallerWeightsSaysSo() throws {
        let trained = try workspace.rnn(
            "train", "series", "--out", "series", "--max-steps", "2", "--rnn-size", "4")
        #expect(trained.status == 0, "\(trained.error)")
        for command in ["generate", "evaluate"] {
            let result = try workspace.rnn(command, "series", "--weights", "int8")
            #expect(result.status == 1)
            #expect(result.error.contains("--weights is int8") && result.error.contains("the task \"series\""))
        }
        let recited = try workspace.rnn("train", "text", "--out", "windows", "--max-steps", "2")
        #expect(recited.status == 0, "\(recited.error)")
        let windows = try workspace.rnn("generate", "windows", "--weights", "bf16")
        #expect(windows.status == 1 && windows.error.contains("was trained on windows"))
    }
}
