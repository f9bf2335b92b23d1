import Foundation
import Testing

/// `rnn data babi`, `rnn train answer` and what can be done with its runs.
@Suite struct AnswerTests {
    private static let tiny = ["--rnn-size", "6", "--embedding-size", "6", "--batch-size", "8", "--sample-length", "0"]

    private func data(_ workspace: Workspace, seed: Int = 1) throws {
        let result = try workspace.rnn(
            "data", "babi", "--kind", "1", "--stories", "8", "--seed", "\(seed)", "--out", "babi\(seed)")
        try #require(result.status == 0, "\(result.error)")
        #expect(
            result.output == "babi\(seed)/qa1_generated_train.txt\nbabi\(seed)/qa1_generated_test.txt\n")
    }

    private func train(_ workspace: Workspace, _ run: String, _ more: String...) throws -> Workspace.Result {
        let result = try workspace.rnn(
            ["train", "answer", "--data", "babi1/qa1_generated_train.txt", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func theSeedMakesTheStories() throws {
        let workspace = try Workspace()
        for seed in 1...2 { try data(workspace, seed: seed) }
        let again = try workspace.rnn("data", "babi", "--kind", "1", "--stories", "8", "--out", "again")
        #expect(again.status == 0)
        func file(_ name: String) throws -> Data { try workspace.read(name + ".txt") }
        #expect(try file("babi1/qa1_generated_train") == file("again/qa1_generated_train"))
        #expect(try file("babi1/qa1_generated_test") == file("again/qa1_generated_test"))
        #expect(try file("babi1/qa1_generated_train") != file("babi2/qa1_generated_train"))
        #expect(try file("babi1/qa1_generated_train") != file("babi1/qa1_generated_test"))
        let refused = try workspace.rnn("data", "babi", "--kind", "1", "--out", "again")
        #expect(refused.status == 1 && refused.error.contains("qa1_generated_train.txt: there is something already"))
        let wrong = try workspace.rnn("data", "babi", "--kind", "4", "--out", "other")
        #expect(wrong.status == 2 && wrong.error.contains("--kind is 4; expected 1, 2 or 3"))
        let nowhere = try workspace.rnn("data", "babi", "--kind", "1", "--out", "")
        #expect(nowhere.status == 2 && nowhere.error.contains("--out is empty; expected the name of a directory"))
    }

    @Test func trainsJudgesAndAnswers() throws {
        let workspace = try Workspace()
        try data(workspace)
        let trained = try train(workspace, "run", "--max-epochs", "2")
        #expect(trained.error.contains("question added, 21 words, 6 answers, stories of at most"))
        #expect(trained.output.contains("With the weights of step 10, the last:\nloss "))
        #expect(trained.output.contains("/babi1/qa1_generated_test.txt)\nalways the most frequent answer: 0."))
        let evaluated = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(evaluated["questions"] as? Int == 40 && evaluated["unknownAnswers"] as? Int == 0)
        let other = try workspace.rnn("evaluate", "run", "--data", "babi1/qa1_generated_train.txt", "--json").object()
        #expect(other["accuracy"] as? Double != nil && other["data"] as? String == "babi1/qa1_generated_train.txt")
        let predicted = try workspace.rnn(
            "predict", "run", "Mary moved to the bathroom. Bob went to the hallway. Where is Mary?")
        #expect(predicted.output.hasPrefix("Where is Mary? ") && predicted.error.contains("training: Bob"))
        let script = "printf 'Mary moved to the office.\\nWhere is Mary?\\n\\nWhere is Mary?\\n1 Where is Mary?\\n'"
        let piped = try workspace.shell(script + " | \"$0\" predict run --json").objects()
        #expect(piped.count == 3 && piped[0]["question"] as? String == "Where is Mary?")
        let shares = try piped.map { try #require($0["probabilities"] as? [String: Double]) }
        #expect(shares[0] != shares[1] && shares[1] == shares[2] && shares[0].count == 6)
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        let refused = try workspace.rnn("generate", "run")
        #expect(refused.status == 1 && refused.error.contains("generates nothing"))
    }

    @Test(arguments: ["added", "concatenated"])
    func resumedRunsEndInTheSameBytes(_ question: String) throws {
        let workspace = try Workspace()
        try data(workspace)
        _ = try train(workspace, "whole", "--question", question, "--max-steps", "16", "--threads", "1")
        _ = try train(workspace, "parts", "--question", question, "--max-steps", "7", "--threads", "2")
        let resumed = try workspace.rnn("resume", "parts", "--max-steps", "16")
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try workspace.checkpoint("whole", 16) == workspace.checkpoint("parts", 16))
    }

    @Test func theTestIsMissedWhereItIsGone() throws {
        let workspace = try Workspace()
        try data(workspace)
        _ = try train(workspace, "run", "--max-steps", "2")
        let files = FileManager.default
        func move(_ from: String, _ to: String) throws {
            try files.moveItem(atPath: workspace.path + "/" + from, toPath: workspace.path + "/" + to)
        }
        try move("babi1/qa1_generated_test.txt", "test.txt")
        for command in ["evaluate", "resume"] {
            let missed = try workspace.rnn(command, "run")
            #expect(missed.status == 1 && missed.error.contains("qa1_generated_test.txt: there is no such file"))
            #expect(missed.error.contains("--test-data"), "\(missed.error)")
        }
        // Both have moved: the test is found beside the data, and it must be the same.
        try move("babi1", "moved")
        try workspace.write("1 Mary left.\n2 Where is Mary?\tparis\n", to: "moved/qa1_generated_test.txt")
        let moved = ["resume", "run", "--data", "moved/qa1_generated_train.txt", "--max-steps", "4"]
        let changed = try workspace.rnn(moved)
        #expect(changed.status == 1 && changed.error.contains("has changed since the run began"), "\(changed.error)")
        try files.removeItem(atPath: workspace.path + "/moved/qa1_generated_test.txt")
        try move("test.txt", "moved/qa1_generated_test.txt")
        let resumed = try workspace.rnn(moved)
        #expect(resumed.status == 0, "\(resumed.error)")
        let evaluated = try workspace.rnn("evaluate", "run")
        #expect(evaluated.output.contains("moved/qa1_generated_test.txt)"), "\(evaluated.error)")
    }

    @Test func withoutAKnownAnswerThereIsNoLoss() throws {
        let workspace = try Workspace()
        try data(workspace)
        _ = try train(workspace, "run", "--max-steps", "2")
        try workspace.write("1 Mary left.\n2 Where is Mary?\tparis\n", to: "other.txt")
        let judged = try workspace.rnn("evaluate", "run", "--data", "other.txt")
        #expect(judged.status == 0 && judged.output.contains("\naccuracy 0.0000  (1 questions: other.txt)\n"))
        #expect(judged.output.contains("none of the 1 answers was seen in training") && !judged.output.contains("nats"))
        let fields = try workspace.rnn("evaluate", "run", "--data", "other.txt", "--json").object()
        #expect(fields["loss"] == nil && fields["unknownAnswers"] as? Int == 1)
    }

    @Test func inputsWithoutQuestionsAndWithStrangeWords() throws {
        let workspace = try Workspace()
        try data(workspace)
        _ = try train(workspace, "run", "--max-steps", "2")
        let told = try workspace.rnn("predict", "run", "Mary went to the office.")
        #expect(told.status == 0 && told.output.isEmpty && told.error.contains("There was no question"))
        let strange = try workspace.shell("printf 'Mary \\033 went.\\nWhere is Mary?\\n' | \"$0\" predict run")
        #expect(strange.status == 0 && !strange.error.contains("question"))
        #expect(strange.error.contains("Never seen in training: \\u{1B}") && !strange.error.contains("\u{1B}"))
        let long = try workspace.rnn("predict", "run", String(repeating: "a", count: 100_000) + ". Where?")
        #expect(
            long.status == 0 && long.error.hasSuffix("training: \(String(repeating: "a", count: 60))\n"))
        let broken = try workspace.shell("printf 'Mary left.\\r\\n\\nMary \\351.\\n' | \"$0\" predict run")
        #expect(broken.status == 1, "\(broken.error)")
        #expect(broken.error.contains("standard input, line 3: the line is not valid UTF-8"), "\(broken.error)")
        let last = try workspace.shell("printf 'Mary left.\\nWhere is Mary?' | \"$0\" predict run")
        #expect(last.status == 0 && last.output.hasPrefix("Where is Mary? "))
    }

    @Test func testsAreFoundOrNamed() throws {
        let workspace = try Workspace()
        try data(workspace)
        try workspace.write("1 Mary left.\n2 Where is Mary?\tparis\t1\n3 Where is Mary?\toffice\n", to: "other.txt")
        let named = try train(workspace, "run", "--test-data", "other.txt", "--max-epochs", "1")
        #expect(named.output.contains("(2 questions: "))
        #expect(named.output.contains("count as wrong: 1, the first in ") && named.output.contains("line 2: \"paris\""))
        #expect(named.output.contains("words never seen in training, which are all read as one: 2"))
        func refusal(_ arguments: String...) throws -> Workspace.Result {
            try workspace.rnn(["train", "answer"] + arguments + Self.tiny)
        }
        let missing = try refusal("--data", "babi1/qa1_generated_train.txt", "--test-data", "missing.txt")
        #expect(missing.status == 1 && missing.error.contains("missing.txt: there is no such file"))
        try workspace.write("1 Mary left.\n3 John left.\n", to: "wrong.txt")
        let wrong = try refusal("--data", "wrong.txt")
        #expect(wrong.status == 1 && wrong.error.contains("wrong.txt, line 2: the number is 3; expected 2"))
        let share = try refusal("--data", "wrong.txt", "--val-fraction", "1")
        #expect(share.status == 2 && share.error.contains("--val-fraction is 1"))
    }
}
