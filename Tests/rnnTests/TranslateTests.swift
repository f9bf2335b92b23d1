import Foundation
import Testing

/// `rnn train translate` and what can be done with its runs.
@Suite struct TranslateTests {
    private static let tiny = [
        "--rnn-size", "16", "--embedding-size", "8", "--batch-size", "8", "--learning-rate", "0.02", "--val-fraction",
        "0.1", "--sample-length", "10",
    ]

    /// Sentences of one to four words; their translations have the words in reversed order.
    private static let pairs = (0..<120).map { place in
        let words = (0...place % 4).map { (place * 7 + $0 * $0 * 3 + place / 4) % 5 }
        let source = words.map { "Wort\($0)" }.joined(separator: " ")
        let target = words.reversed().map { "mot\($0)" }.joined(separator: " ")
        return "\(source).\t\(target)\u{202F}!\tsomebody\n"
    }.joined()

    private func train(_ workspace: Workspace, _ run: String, _ more: String...) throws -> Workspace.Result {
        try workspace.write(Self.pairs, to: "pairs.tsv")
        let result = try workspace.rnn(["train", "translate", "--data", "pairs.tsv", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func trainsJudgesAndTranslates() throws {
        let workspace = try Workspace()
        try workspace.write(Self.pairs + "\tleer\n" + String(repeating: "a ", count: 50_000) + "\tb\n", to: "long.tsv")
        let trained = try workspace.rnn(
            ["train", "translate", "--data", "long.tsv", "--out", "run", "--max-epochs", "15"] + Self.tiny)
        try #require(trained.status == 0, "\(trained.error)")
        #expect(trained.error.contains("Translator: 1 x 16 lstm, general attention, "))
        #expect(trained.error.contains("% of the encoder's steps, "))
        #expect(trained.error.contains("Left out: 1 pairs of more than 10 words, 1 with an empty sentence"))
        #expect(trained.output.contains("BLEU ") && trained.output.contains("  >  "), "\(trained.output)")
        #expect(trained.output.contains("(greedy)") && trained.output.contains("the test part of "))
        let greedy = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(greedy["search"] as? String == "greedy" && (greedy["bleu"] as? Double ?? 0) > 10, "\(greedy)")
        let beam = try workspace.rnn("evaluate", "run", "--beam", "4", "--length-penalty", "1")
        #expect(beam.output.contains("(a beam of 4, length penalty 1.0)"), "\(beam.error)")
        #expect(!beam.output.contains("Left out"))
        try workspace.write("Wort1.\tmot1.\n\tleer\n" + String(repeating: "a ", count: 50) + "\tb\n", to: "other.tsv")
        let others = try workspace.rnn("evaluate", "run", "--data", "other.tsv")
        #expect(others.output.contains("Left out: 1 pairs of more than 10 words, 1 with an empty sentence"))
        let counted = try workspace.rnn("evaluate", "run", "--data", "other.tsv", "--json").object()
        #expect(counted["longPairs"] as? Int == 1 && counted["emptyPairs"] as? Int == 1, "\(counted)")
        let predicted = try workspace.rnn("predict", "run", "Wort1 Wort2 fremd.", "--beam", "3", "--attention")
        #expect(predicted.status == 0 && predicted.output.contains("mot"), "\(predicted.error)")
        #expect(predicted.error.contains("Read as <unk>: fremd\n"))
        #expect(workspace.exists("run/pictures/attention-of-input-1.svg"))
        let piped = try workspace.shell("printf 'Wort1.\\n\\nWort2.\\n' | \"$0\" predict run --json").objects()
        #expect(piped.map { $0["source"] as? String } == ["wort1 .", nil, "wort2 ."])
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        let refused = try workspace.rnn("generate", "run")
        #expect(refused.status == 1 && refused.error.contains("generates nothing"))
    }

    @Test func theOtherWayRound() throws {
        let workspace = try Workspace()
        _ = try train(
            workspace, "run", "--source-column", "2", "--target-column", "1", "--max-epochs", "1", "--no-buckets",
            "--reversed", "--attention", "none")
        let predicted = try workspace.rnn("predict", "run", "mot1 !", "--json", "--attention").object()
        #expect(predicted["unknownWords"] as? [String] == [] && predicted["picture"] == nil)
        let inspected = try workspace.rnn("inspect", "run")
        #expect(inspected.output.contains("no attention, source reversed"))
    }

    @Test func resumedRunsEndInTheSameBytes() throws {
        let workspace = try Workspace()
        _ = try train(workspace, "whole", "--max-steps", "20", "--threads", "1", "--dropout", "0.2")
        _ = try train(workspace, "parts", "--max-steps", "10", "--threads", "2", "--dropout", "0.2")
        let resumed = try workspace.rnn("resume", "parts", "--max-steps", "20")
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try workspace.checkpoint("whole", 20) == workspace.checkpoint("parts", 20))
    }

    @Test(arguments: [
        ("empty.tsv", "", "there are no pairs of sentences"),
        ("one.tsv", "a\tb\nc\n", "one.tsv, line 2: the number of cells is 1; expected a sentence in column 1"),
        ("blank.tsv", "\tb\nc\t \n", "there are no pairs of sentences; 2 empty ones"),
    ])
    func unusableData(_ name: String, _ contents: String, _ expected: String) throws {
        let workspace = try Workspace()
        try workspace.write(contents, to: name)
        let result = try workspace.rnn(["train", "translate", "--data", name, "--out", "run"] + Self.tiny)
        #expect(result.status == 1 && result.error.hasPrefix("Error: "))
        #expect(result.error.contains(expected), "\(result.error)")
        #expect(!workspace.exists("run"))
    }

    @Test(arguments: [
        ("--sampled-softmax 0", "--sampled-softmax is 0"), ("--max-tokens 0", "--max-tokens is 0"),
        ("--vocabulary-limit 4", "--vocabulary-limit is 4"),
        ("--attention cosine", "'additive'"), ("--source-column 2", "are both 2; expected two columns"),
        ("--test-fraction 0.99", "--test-fraction is 0.99"), ("--bidirectional --reversed", "cannot be reversed"),
        ("--attention none --feed-context", "without attention there is no context"),
    ])
    func unusableOptions(_ options: String, _ expected: String) throws {
        let arguments = options.split(separator: " ").map(String.init)
        let result = try Workspace().rnn(["train", "translate", "--data", "pairs.tsv"] + arguments)
        #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
    }

    /// Searches are refused where they mean nothing.
    @Test func searchesOfOtherTasks() throws {
        let workspace = try Workspace()
        try workspace.train("text", "--max-steps", "1")
        let sort = ["train", "sort", "--rnn-size", "4", "--max-steps", "1", "--sample-length", "0", "--out", "sort"]
        try #require(try workspace.rnn(sort).status == 0)
        let beam = try workspace.rnn("evaluate", "text", "--beam", "2")
        #expect(beam.status == 1 && beam.error.contains("takes no --beam"), "\(beam.error)")
        let wide = try workspace.rnn("evaluate", "text", "--beam", "1001")
        #expect(wide.status == 2 && wide.error.contains("1001; expected 1 to 1000"), "\(wide.error)")
        let attention = try workspace.rnn("predict", "sort", "1", "--attention")
        #expect(attention.status == 1 && attention.error.contains("has no attention to draw"), "\(attention.error)")
        let alone = try workspace.rnn("evaluate", "text", "--length-penalty", "1")
        #expect(alone.status == 2 && alone.error.contains("without --beam"), "\(alone.error)")
    }
}
