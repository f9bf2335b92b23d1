import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining
import Testing

@Suite struct TrainingTests {
    @Test func withoutDataItWritesTheSentenceBack() throws {
        let workspace = try Workspace()
        let result = try workspace.rnn("train", "text")
        #expect(result.status == 0)
        #expect(result.output.hasSuffix("\n" + TextConfiguration.sentence + "\n"))
        #expect(result.error.contains("Kept in runs/text-lstm-2x25"))
        let again = try workspace.rnn(
            "generate", "runs/text-lstm-2x25", "--prompt", "if you wan", "--length", "170", "--temperature", "0")
        #expect(again.output == TextConfiguration.sentence + "\n")
    }

    @Test func shapesAndPlaceAreToldAndTheRunIsKept() throws {
        let workspace = try Workspace()
        let result = try workspace.train("run", "--max-steps", "20")
        #expect(result.error.contains("Kept in run\n"))
        #expect(result.error.contains("parameters"))
        #expect(result.output.hasPrefix("step 20  epoch "))
        for name in ["config.json", "vocabulary.json", "history.jsonl", "checkpoints/latest"] {
            #expect(workspace.exists("run/" + name), "\(name)")
        }
        #expect(try workspace.read("run/checkpoints/latest") == Data("step-00000020.safetensors\n".utf8))
    }

    /// What a text makes a model write does not steer the terminal of whoever trains it.
    @Test func samplesSteerNoTerminal() throws {
        let workspace = try Workspace()
        try workspace.write(String(repeating: "\u{1B}\u{7}\n", count: 400), to: "escapes.txt")
        let result = try workspace.rnn(
            "train", "text", "--data", "escapes.txt", "--rnn-size", "8", "--seq-length", "10", "--batch-size", "4",
            "--max-steps", "5", "--sample-length", "40", "--out", "escapes")
        #expect(result.status == 0 && result.output.contains("\\u{1B}"), "\(result.error)")
        #expect(!(result.output + result.error).unicodeScalars.contains { ["\u{1B}", "\u{7}"].contains($0) })
        // Another program gets what the model writes as it is.
        let written = try workspace.rnn("generate", "escapes", "--length", "40", "--seed", "1")
        #expect(written.output.unicodeScalars.contains { ["\u{1B}", "\u{7}"].contains($0) })
    }

    @Test func defaultNamesAreNeverTakenTwice() throws {
        let workspace = try Workspace()
        let arguments = ["train", "text", "--data", "text.txt", "--max-steps", "5"] + Workspace.tiny
        let running = try (0..<3).map { _ in try workspace.start(arguments) }
        for command in running { #expect(try command.result().status == 0) }
        for name in ["text-lstm-1x8", "text-lstm-1x8-2", "text-lstm-1x8-3"] {
            #expect(workspace.exists(Workspace.checkpointPath("runs/" + name, 5)), "\(name)")
        }
    }

    @Test func jsonLinesParseAndHoldTheSample() throws {
        let workspace = try Workspace()
        var lines = try workspace.train(
            "run", "--max-steps", "20", "--eval-every", "10", "--sample-length", "30", "--json"
        ).objects()
        #expect(lines.map { $0["event"] as? String } == ["evaluated", "evaluated", "finished"])
        let finished = lines.removeLast()
        #expect((finished["loss"] as? Double ?? -1) > 0 && finished["step"] as? Int != nil)
        #expect(lines.map { $0["step"] as? Int } == [10, 20])
        #expect(lines.allSatisfy { ($0["trainLoss"] as? Double ?? -1) > 0 && ($0["validationLoss"] as? Double) != nil })
        #expect(lines.allSatisfy { ($0["sample"] as? String)?.unicodeScalars.count == 30 })
    }

    @Test(arguments: [["--level", "byte"], ["--model", "gru"], ["--model", "rnn"], ["--val-fraction", "0"]])
    func otherModelsTrain(_ options: [String]) throws {
        let workspace = try Workspace()
        let command = ["train", "text", "--data", "text.txt", "--out", "run", "--max-steps", "20"]
        #expect(try workspace.rnn(command + Workspace.tiny + options).status == 0)
        #expect(try workspace.rnn("generate", "run", "--length", "5").status == 0)
        #expect(try workspace.rnn("evaluate", "run").status == 0)
    }

    /// Line ends of two characters, emoji of several, combining accents and NUL.
    @Test(arguments: ["character", "byte"])
    func anyUnicodeTrains(_ level: String) throws {
        let workspace = try Workspace()
        try workspace.write(String(repeating: "he\u{301}llo\r\n👩‍👩‍👧 \0 x\r\n", count: 60), to: "text.txt")
        try workspace.train("run", "--level", level, "--max-steps", "5", "--sample-length", "20")
        let text = try workspace.rnn("generate", "run", "--length", "50", "--prompt", "x\r\n👩", "--json").object()
        #expect((text["text"] as? String)?.unicodeScalars.count == 50)
    }

    @Test func anyBytesTrain() throws {
        let workspace = try Workspace()
        try workspace.write(Data((0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }), to: "text.txt")
        try workspace.train("run", "--level", "byte", "--max-steps", "5")
        let result = try workspace.rnn("generate", "run", "--length", "100", "--seed", "1")
        #expect(result.output.utf8.count == 101)
        #expect(result.output.dropLast().utf8.allSatisfy { (32...126).contains($0) || $0 == 9 || $0 == 10 })
    }

    @Test func weightsAreTakenFromAnotherRunWithWhatTheyMean() throws {
        let workspace = try Workspace()
        try workspace.train("first", "--max-steps", "50", "--forget-bias", "3", "--learning-rate", "0.02")
        try workspace.train("second", "--max-steps", "0", "--init-from", "first")
        let losses = try ["first", "second"].map {
            try #require(try workspace.rnn("evaluate", $0, "--json").object()["loss"] as? Double)
        }
        #expect(losses[0] == losses[1])
    }

    @Test func outputThatCannotBeWrittenCostsNoStep() throws {
        let workspace = try Workspace()
        // The reader is gone before the first evaluation.
        let script = """
            "$0" train text --data text.txt --out run \(Workspace.tiny.joined(separator: " ")) --max-steps 500 \
            --eval-every 50 --checkpoint-every 1000 | true; test -e \(Workspace.checkpointPath("run", 50))
            """
        #expect(try workspace.shell(script).status == 0)
    }
}
