import Foundation
import Testing

@Suite struct ResumeTests {
    /// 200 steps equal 100 steps, resume, 100 steps: in the middle of a pass, with dropout, whatever the threads.
    @Test(arguments: ["lstm", "gru", "rnn"])
    func resumedRunsEndInTheSameBytes(_ model: String) throws {
        let workspace = try Workspace()
        let options = ["--model", model, "--dropout", "0.3", "--num-layers", "2"]
        func train(_ run: String, _ more: String...) throws {
            let result = try workspace.rnn(
                ["train", "text", "--data", "text.txt", "--out", run] + Workspace.tiny + options + more)
            try #require(result.status == 0, "\(result.error)")
        }
        try train("whole", "--max-steps", "200", "--threads", "1")
        try train("parts", "--max-steps", "37", "--threads", "2", "--eval-every", "10", "--checkpoint-every", "7")
        for steps in ["100", "200"] {
            let result = try workspace.rnn("resume", "parts", "--max-steps", steps, "--sample-length", "0")
            try #require(result.status == 0, "\(result.error)")
        }
        #expect(try workspace.checkpoint("whole", 200) == workspace.checkpoint("parts", 200))
    }

    /// Large enough that the threads share the products.
    @Test func threadsDoNotMatter() throws {
        let workspace = try Workspace()
        for threads in ["1", "2"] {
            try workspace.train(
                threads, "--max-steps", "5", "--rnn-size", "64", "--batch-size", "40", "--seq-length", "20",
                "--threads", threads)
        }
        #expect(try workspace.checkpoint("1", 5) == workspace.checkpoint("2", 5))
    }

    /// Results of instruction sets differ by rounding: who goes on with another is told how to go on as before.
    @Test func anotherInstructionSetIsNoticed() throws {
        let workspace = try Workspace()
        try workspace.train("run", "--max-steps", "4", "--cpu-level", "portable")
        let same = try workspace.rnn("resume", "run", "--max-steps", "8", "--cpu-level", "portable")
        #expect(same.status == 0 && !same.error.contains("--cpu-level"))
        let other = try workspace.rnn("resume", "run", "--max-steps", "12")
        #expect(other.status == 0)
        #expect(other.error.contains("--cpu-level portable"), "\(other.error)")
    }

    @Test func historyGoesOnWithoutALineTwice() throws {
        let workspace = try Workspace()
        try workspace.train("run", "--max-steps", "20", "--eval-every", "5", "--checkpoint-every", "10")
        // As if the run had been killed after a later evaluation, and in the middle of a line.
        var history = String(decoding: try workspace.read("run/history.jsonl"), as: UTF8.self)
        let last = try #require(history.split(separator: "\n").last)
        history += last.replacing("\"step\":20", with: "\"step\":25") + "\n{\"ep"
        try workspace.write(history, to: "run/history.jsonl")
        #expect(try workspace.rnn("resume", "run", "--max-steps", "30", "--eval-every", "5").status == 0)
        let lines = try Workspace.Result(
            status: 0, output: String(decoding: workspace.read("run/history.jsonl"), as: UTF8.self), error: ""
        ).objects()
        #expect(lines.map { $0["step"] as? Int } == [5, 10, 15, 20, 25, 30])
        let seconds = lines.compactMap { $0["seconds"] as? Double }
        #expect(seconds == seconds.sorted())
    }

    @Test func finishedRunsSaySo() throws {
        let workspace = try Workspace()
        try workspace.train("run", "--max-steps", "20")
        let done = try workspace.rnn("resume", "run", "--max-steps", "20")
        #expect(done.status == 0 && done.error.contains("give a larger --max-steps"))
        let past = try workspace.rnn("resume", "run", "--max-steps", "10")
        #expect(past.status == 1 && past.error.contains("give a larger --max-steps"))
    }

    @Test(arguments: [
        ["--level", "byte"], ["--model", "gru"], ["--rnn-size", "8"], ["--num-layers", "1"], ["--seq-length", "8"],
        ["--batch-size", "2"], ["--learning-rate", "0.1"], ["--dropout", "0.1"], ["--grad-clip", "1"],
        ["--grad-clip-value", "1"], ["--val-fraction", "0.1"], ["--forget-bias", "-1"], ["--initializer", "zeros"],
        ["--seed", "2"],
    ])
    func whatDecidesTheResultCannotChange(_ option: [String]) throws {
        let result = try Workspace().rnn(["resume", "run"] + option)
        #expect(result.status == 2)
        #expect(result.error.hasPrefix("Error: \(option[0]) cannot change"), "\(result.error)")
    }

    @Test func changedTextsAreRefusedAndMovedOnesFound() throws {
        let workspace = try Workspace()
        try workspace.train("run", "--max-steps", "20")
        try workspace.write(Workspace.text, to: "elsewhere.txt")
        try workspace.write(Workspace.text + "t", to: "text.txt")
        let changed = try workspace.rnn("resume", "run", "--max-steps", "30")
        #expect(changed.status == 1 && changed.error.contains("text.txt has changed since the run began"))
        try FileManager.default.removeItem(atPath: workspace.path + "/text.txt")
        let missing = try workspace.rnn("resume", "run", "--max-steps", "30")
        #expect(missing.status == 1 && missing.error.contains("--data"))
        #expect(try workspace.rnn("resume", "run", "--max-steps", "30", "--data", "elsewhere.txt").status == 0)
        let evaluated = try workspace.rnn("evaluate", "run")
        #expect(evaluated.status == 0 && evaluated.output.contains("/elsewhere.txt"), "the new place is remembered")
    }

    @Test func signalsSaveAndStop() throws {
        for (signal, status) in [(SIGINT, Int32(130)), (SIGTERM, 143), (SIGHUP, 129)] {
            let workspace = try Workspace()
            let running = try workspace.start(
                [
                    "train", "text", "--data", "text.txt", "--out", "run", "--max-steps", "300000", "--eval-every",
                    "300000",
                ] + Workspace.tiny)
            try running.waitForError(containing: "step 1/")
            running.send(signal)
            let result = try running.result()
            #expect(result.status == status)
            let words = try #require(result.error.split(separator: "\n").last).split(separator: " ")
            #expect(words.prefix(3) == ["Stopped", "at", "step"])
            let step = try #require(Int(words[3].dropLast()))
            #expect(step > 0 && workspace.exists(Workspace.checkpointPath("run", step)))
            #expect(result.error.hasSuffix("rnn resume run\n"))
            #expect(
                try workspace.rnn("resume", "run", "--max-steps", "\(step + 5)", "--sample-length", "0").status == 0)
        }
    }

    @Test func secondInterruptDoesNotWaitForTheStep() throws {
        let workspace = try Workspace()
        // One step takes seconds.
        try workspace.write(String(repeating: Workspace.text, count: 40), to: "text.txt")
        let running = try workspace.start([
            "train", "text", "--data", "text.txt", "--out", "run", "--rnn-size", "512", "--seq-length", "1000",
        ])
        try running.waitForError(containing: "Kept in run")
        usleep(200_000)
        running.send(SIGINT)
        running.send(SIGINT)
        usleep(50_000)
        running.send(SIGINT)
        #expect(try running.result().status == 130)
        #expect(!workspace.exists(Workspace.checkpointPath("run", 1)))
    }
}
