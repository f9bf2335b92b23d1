import Foundation
import Testing

@Suite struct SortCommandTests {
    private static let tiny = [
        "--length", "3", "--limit", "10", "--rnn-size", "8", "--batch-size", "4", "--eval-every", "10",
    ]

    @Test func listsThatWereHeldBackJudge() throws {
        let workspace = try Workspace()
        let trained = try workspace.rnn(["train", "sort", "--out", "run", "--max-steps", "20", "--json"] + Self.tiny)
        let lines = try trained.objects()
        #expect(lines.map { $0["event"] as? String } == ["evaluated", "evaluated", "finished"], "\(trained.error)")
        let measures = try #require(lines[0]["measures"] as? [String: Double])
        #expect(Set(measures.keys) == ["accuracy", "exact"])
        let evaluated = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(evaluated["exact"] as? Double == lines.last?["exact"] as? Double && evaluated["lists"] as? Int == 1000)
        let inspected = try workspace.rnn("inspect", "run", "--graph")
        #expect(
            inspected.output.hasPrefix("Sorting 3 numbers below 10: 1 x 8 lstm to read and to write, no attention\n"))
        #expect(workspace.exists("run/pictures/graph.svg"))
    }

    @Test func whatIsTypedIsSortedAsWellAsTheModelCan() throws {
        let workspace = try Workspace()
        try #require(
            try workspace.rnn(
                ["train", "sort", "--out", "run", "--max-steps", "1", "--attention", "general", "--bidirectional"]
                    + Self.tiny
            ).status == 0)
        #expect(workspace.exists("run/pictures/attention.svg"))
        let line = try workspace.rnn("predict", "run", "3 1,2", "--json").object()
        #expect(line["numbers"] as? [Int] == [3, 1, 2] && line["isSorted"] as? Bool == false)
        let several = try workspace.shell("printf '3 1 2\\n\\n9 9\\n' | $0 predict run")
        #expect(
            several.status == 0 && several.output.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
        #expect(several.output.contains("(wrong)") && several.error.contains("has learned to sort 3\n"))
        let outside = try workspace.rnn("predict", "run", "3 10")
        #expect(outside.status == 1 && outside.error.contains("\"10\", number 2 of \"3 10\""), "\(outside.error)")
        #expect(try workspace.rnn("predict", "run", "three").status == 1)
        let piped = try workspace.shell("printf '3 1 2\\n\\nabc\\n' | $0 predict run")
        #expect(
            piped.status == 1 && piped.error.contains("standard input, line 3: \"abc\", number 1"), "\(piped.error)")
    }

    @Test func impossibleListsAreRefused() throws {
        let workspace = try Workspace()
        for (arguments, text) in [
            (["--length", "1"], "--length is 1"), (["--length", "5-"], "5-"), (["--length", "9-5"], "--length is 9-5"),
            (["--attention", "loud"], "loud"), (["--limit", "5"], "--limit is 5"),
            (["--embedding-size", "-1"], "--embedding-size is -1; expected 1 to 65536, or 0"),
            (["--attention", "dot", "--bidirectional"], "\"dot\""),
        ] {
            let refused = try workspace.rnn(["train", "sort", "--out", "run"] + arguments)
            #expect(
                refused.status == 2 && refused.error.contains(text),
                "\(arguments) \(refused.status) \(refused.error)")
        }
        #expect(!workspace.exists("run"))
    }
}
