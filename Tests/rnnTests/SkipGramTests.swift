import Foundation
import Testing

/// `rnn train skip-gram` and what can be done with its runs.
@Suite struct SkipGramTests {
    private static let tiny = [
        "--embedding-size", "8", "--window", "2", "--batch-size", "64", "--subsampling", "0", "--learning-rate", "0.02",
    ]

    /// Names stand before verbs of their own kind.
    private static let text = (0..<400).map { place in
        let (names, verbs) =
            place / 20 % 2 == 0
            ? (["cat", "dog"], ["eats", "sleeps", "runs"]) : (["one", "two"], ["plus", "minus", "times"])
        return "\(names[place % 2]) \(verbs[place / 2 % 3]) \(verbs[place / 5 % 3]).\n"
    }.joined()

    private func train(_ workspace: Workspace, _ run: String, _ more: String...) throws -> Workspace.Result {
        try workspace.write(Self.text, to: "text.txt")
        let result = try workspace.rnn(["train", "skip-gram", "--data", "text.txt", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func trainsPredictsAndExports() throws {
        let workspace = try Workspace()
        let trained = try train(workspace, "run", "--max-epochs", "12")
        #expect(trained.error.contains("Skip-gram: 10 words of 8, window 2, 5 negatives"))
        #expect(trained.output.contains("validation loss") && trained.output.contains(" pairs/s\n    "))
        #expect(trained.output.contains("0 of 60 words have no vector"), "\(trained.output)")
        let neighbours = try workspace.rnn("predict", "run", "cat", "Dog", "cat - eats + plus")
        let lines = neighbours.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[0].hasPrefix("cat: dog ") && lines[1].hasPrefix("Dog: cat "), "\(neighbours)")
        #expect(lines.last?.hasPrefix("cat - eats + plus: ") == true && !lines[2].dropFirst(18).contains("cat"))
        let unknown = try workspace.shell("printf 'cat\\n\\nemperor\\n' | \"$0\" predict run")
        #expect(unknown.status == 1 && unknown.error.contains("standard input, line 3: \"emperor\" is none of the 10"))
        let piped = try workspace.shell("mkfifo pipe; cat pipe > read & \"$0\" export run --out pipe && wait")
        #expect(piped.status == 0, "\(piped.error)")
        #expect(try workspace.shell("test -p pipe && head -1 read").output == "10 8\n")
        let json = try workspace.shell("echo one | \"$0\" predict run --json").object()
        let near = try #require(json["neighbours"] as? [[String: Any]])
        #expect(near.count == 9 && near[0]["word"] as? String == "two")
        for format in ["word2vec", "word2vec-binary", "glove"] {
            #expect(try workspace.rnn("export", "run", "--format", format, "--out", format).status == 0)
        }
        let first = try workspace.shell("head -1 word2vec; head -1 glove | wc -w; wc -c < word2vec-binary")
        #expect(first.output.hasPrefix("10 8\n") && first.output.contains("9\n"))
        #expect(try workspace.rnn("export", "run", "--format", "projector", "--out", "tsv").status == 0)
        #expect(try workspace.shell("wc -l < tsv/metadata.tsv").output.contains("10"))
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        let judged = try workspace.shell(
            "(cat text.txt; echo new) > other.txt; \"$0\" evaluate run --data other.txt --json"
        ).object()
        #expect(judged["words"] as? Int == 1201 && judged["unknownWords"] as? Int == 1)
    }

    @Test func resumedRunsEndInTheSameBytes() throws {
        let workspace = try Workspace()
        _ = try train(workspace, "whole", "--max-steps", "40", "--threads", "1")
        _ = try train(workspace, "parts", "--max-steps", "25", "--threads", "2")
        let resumed = try workspace.rnn("resume", "parts", "--max-steps", "40")
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try workspace.checkpoint("whole", 40) == workspace.checkpoint("parts", 40))
    }

    @Test(arguments: [
        ("emperor", "\"emperor\" is none of the 10 words that have a vector"),
        ("cat -", "\"cat -\" is not a word, nor words with + and - between them: king - man + woman"),
        ("cat dog", "\"cat dog\" is not a word"), (" ", "\" \" is not a word"), ("cat + - dog", "is not a word"),
    ])
    func inputsThatAreNoWords(_ input: String, _ expected: String) throws {
        let workspace = try Workspace()
        _ = try train(workspace, "run", "--max-steps", "2")
        let result = try workspace.rnn("predict", "run", input)
        #expect(result.status == 1 && result.error.contains(expected), "\(result.error)")
    }

    @Test func otherTasksHaveNoVectors() throws {
        let workspace = try Workspace()
        let trained = try workspace.rnn(
            "train", "text", "--out", "text", "--rnn-size", "4", "--max-steps", "1", "--sample-length", "0")
        #expect(trained.status == 0, "\(trained.error)")
        let refused = try workspace.rnn("export", "text", "--out", "vectors")
        #expect(refused.status == 1 && refused.error.contains("has no word vectors to export"), "\(refused.error)")
    }

    @Test(arguments: [
        ("--embedding-size 0", "--embedding-size is 0"), ("--window 0", "--window is 0"),
        ("--negatives 0", "--negatives is 0"), ("--subsampling 2", "--subsampling is 2.0"),
        ("--min-count 0", "--min-count is 0"), ("--vocabulary-limit 1", "--vocabulary-limit is 1"),
        ("--batch-size 0", "--batch-size is 0"), ("--val-fraction 1", "--val-fraction is 1.0"),
    ])
    func unusableOptions(_ options: String, _ expected: String) throws {
        let arguments = options.split(separator: " ").map(String.init)
        let result = try Workspace().rnn(["train", "skip-gram", "--data", "text.txt"] + arguments)
        #expect(result.status == 2 && result.error.contains(expected), "\(result.error)")
    }

    @Test func unusableTexts() throws {
        let workspace = try Workspace()
        try workspace.write(Data("one \u{E9}".utf8) + Data([0xE9, 10]), to: "latin.txt")
        try workspace.write("rare words\n", to: "rare.txt")
        for (name, expected) in [
            ("latin.txt", "latin.txt, line 1, byte 6: 0xE9 is not valid UTF-8; say what it is with --encoding"),
            ("none.txt", "there is no such file"),
            ("rare.txt", "rare.txt has 0 words that occur 5 times or more (--min-count)"),
        ] {
            let result = try workspace.rnn("train", "skip-gram", "--data", name, "--out", "run")
            #expect(result.status == 1 && result.error.contains(expected), "\(result.error)")
            #expect(!workspace.exists("run"))
        }
    }
}
