import Foundation
import Testing

/// `rnn train classify` and what can be done with its runs.
@Suite struct ClassifyTests {
    private static let tiny = [
        "--rnn-size", "6", "--num-layers", "1", "--batch-size", "8", "--learning-rate", "0.03", "--sample-length", "0",
    ]

    /// Texts that begin with a or b, and say so.
    private static let texts = (0..<40).map { place in
        let label = place % 2 == 0 ? "a" : "b"
        return label + String(repeating: "xy", count: place % 5) + "\t" + label.uppercased() + "\n"
    }.joined()

    private func train(_ workspace: Workspace, _ run: String, _ more: String...) throws -> Workspace.Result {
        try workspace.write(Self.texts, to: "texts.tsv")
        let result = try workspace.rnn(["train", "classify", "--data", "texts.tsv", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func trainsJudgesAndPredicts() throws {
        let workspace = try Workspace()
        let trained = try train(workspace, "run", "--max-epochs", "15")
        #expect(trained.error.contains("Classifier: 1 x 6 lstm from each end, 128 bytes, 2 classes"))
        #expect(trained.output.contains("the best:\nloss "))
        #expect(trained.output.contains("accuracy 1.0000  (4 texts: the test part of "))
        #expect(trained.output.contains("  macro average     1.0000     1.0000     1.0000          4\n"))
        #expect(trained.output.contains(" bytes are 128 or more, and read as zeros"))
        for name in ["loss", "accuracy", "confusion-matrix"] {
            #expect(trained.error.contains("/\(name).svg"))
        }
        let evaluated = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(evaluated["accuracy"] as? Double == 1 && evaluated["macroF1"] as? Double == 1)
        #expect(evaluated["confusion"] as? [[Int]] == [[2, 0], [0, 2]])
        let predicted = try workspace.rnn("predict", "run", "axyxy", "b\u{E9}")
        #expect(
            predicted.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
                == [
                    "axyxy: A", "b\u{E9}: B",
                ])
        let piped = try workspace.shell("printf 'bxy\\n\\na\\n' | \"$0\" predict run --json").objects()
        #expect(piped.map { $0["label"] as? String } == ["B", nil, "A"] && piped[1]["isEmpty"] as? Bool == true)
        // Blanks at the ends and a byte order mark are no part of a text, as in training.
        let blank = try workspace.shell("printf '\\357\\273\\277 bxy\\t\\r\\n' | \"$0\" predict run --json").object()
        #expect(blank["probability"] as? Double == piped[0]["probability"] as? Double)
        let shares = try #require(piped[0]["probabilities"] as? [String: Double])
        #expect(abs(shares.values.reduce(0, +) - 1) < 1e-5)
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        let refused = try workspace.rnn("generate", "run")
        #expect(refused.status == 1 && refused.error.contains("generates nothing"))
    }

    @Test func resumedRunsEndInTheSameBytes() throws {
        let workspace = try Workspace()
        _ = try train(workspace, "whole", "--max-steps", "20", "--threads", "1", "--dropout", "0.2")
        _ = try train(workspace, "parts", "--max-steps", "10", "--threads", "2", "--dropout", "0.2")
        let resumed = try workspace.rnn("resume", "parts", "--max-steps", "20")
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try workspace.checkpoint("whole", 20) == workspace.checkpoint("parts", 20))
    }

    @Test func judgesOtherTextsAndStartsFromOtherRuns() throws {
        let workspace = try Workspace()
        _ = try train(workspace, "run", "--max-epochs", "2")
        try workspace.write("bxy\tB\naxy\tA\nbb\tB\n", to: "other.tsv")
        let judged = try workspace.rnn("evaluate", "run", "--data", "other.tsv")
        #expect(judged.status == 0 && judged.output.contains("(3 texts: other.tsv)"), "\(judged.error)")
        try workspace.write("bxy\tC\naxy\tA\nbb\tA\n", to: "strange.tsv")
        let strange = try workspace.rnn("evaluate", "run", "--data", "strange.tsv")
        #expect(strange.status == 1)
        #expect(strange.error.contains("the label \"C\" is none of the model's: \"A\", \"B\""), "\(strange.error)")
        _ = try train(workspace, "further", "--init-from", "run", "--max-epochs", "1")
        let other = try workspace.rnn(
            "train", "classify", "--data", "texts.tsv", "--init-from", "run", "--level", "word", "--out", "words")
        #expect(other.status == 1 && other.error.contains("--level is word, but the model has a vocabulary of bytes"))
    }

    /// A class of one text is trained; lines are cut; bytes beyond ASCII are counted.
    @Test func unusualTexts() throws {
        let workspace = try Workspace()
        let long = "c" + String(repeating: "\u{E9}", count: 100_000)
        try workspace.write(Self.texts + long + "\tC\n\n" + "bbb\u{FC}\tB\n", to: "long.tsv")
        let result = try workspace.rnn(
            ["train", "classify", "--data", "long.tsv", "--out", "run", "--max-epochs", "1"] + Self.tiny
                + ["--val-fraction", "0", "--test-fraction", "0"])
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("(42 texts: the training part of "), "\(result.output)")
        #expect(result.output.contains("257 of 461 bytes are 128 or more"), "\(result.output)")
        #expect(result.output.contains("texts cut after 256 bytes: 1"))
    }

    @Test(arguments: [
        ("empty.tsv", "", "found no labelled texts; expected texts of at least two labels"),
        ("one.tsv", "a\tA\nb\tA\n", "found only the label \"A\""),
        ("cells.tsv", "a\tA\nb\n", "cells.tsv, line 2: the number of cells is 1; expected a text and a label"),
        ("none.csv", "text,kind\na,b\n", "there is no column \"label\""),
    ])
    func unusableData(_ name: String, _ contents: String, _ expected: String) throws {
        let workspace = try Workspace()
        try workspace.write(contents, to: name)
        let result = try workspace.rnn(["train", "classify", "--data", name, "--out", "run"] + Self.tiny)
        #expect(result.status == 1 && result.error.hasPrefix("Error: "))
        #expect(result.error.contains(expected), "\(result.error)")
        #expect(!workspace.exists("run"))
    }

    @Test func textsThatAreNoUTF8() throws {
        let workspace = try Workspace()
        try workspace.write(Data("a\tA\nb\tB\n".utf8) + Data([0xE9, 9, 65, 10]), to: "latin.tsv")
        let result = try workspace.rnn(["train", "classify", "--data", "latin.tsv"] + Self.tiny)
        #expect(result.status == 1 && result.error.contains("latin.tsv, line 3: the line is not valid UTF-8"))
    }

    @Test(arguments: [
        ("--rnn-size 0", "--rnn-size is 0"), ("--level line", "'character', 'byte' or 'word'"),
        ("--test-fraction 0.95", "--test-fraction is 0.95"), ("--val-fraction -1", "--val-fraction is -1.0"),
        ("--text-column 1", "only one of --text-column and --label-column"), ("--seq-length 0", "--seq-length is 0"),
        ("--embedding-size 8", "expected --level word"), ("--batch-size 0", "--batch-size is 0"),
    ])
    func unusableOptions(_ options: String, _ expected: String) throws {
        let arguments = options.split(separator: " ").map(String.init)
        let result = try Workspace().rnn(["train", "classify", "--data", "texts.tsv"] + arguments)
        #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
    }
}
