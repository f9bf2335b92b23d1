import Foundation
import Testing

@Suite struct AddingCommandTests {
    private static let tiny = ["--rnn-size", "8", "--seq-length", "6", "--batch-size", "4", "--eval-every", "10"]

    @Test func otherSequencesJudge() throws {
        let workspace = try Workspace()
        let trained = try workspace.rnn(
            ["train", "adding", "--out", "run", "--max-steps", "20", "--json"] + Self.tiny)
        let lines = try trained.objects()
        #expect(lines.map { $0["event"] as? String } == ["evaluated", "evaluated", "finished"])
        #expect(workspace.exists("run/pictures/gradient-norms.svg"))
        let chosenBy = lines.compactMap { $0["validationLoss"] as? Double }.min()
        let evaluated = try workspace.rnn("evaluate", "run", "--json").object()
        let error = try #require(evaluated["squaredError"] as? Double)
        #expect(error == lines.last?["squaredError"] as? Double && error != chosenBy, "other sequences judge")
        #expect(try workspace.rnn("inspect", "run").output.hasPrefix("Adding problem over 6 steps: 8 lstm\n"))
    }

    @Test func dataAndImpossibleSequencesAreRefused() throws {
        let workspace = try Workspace()
        let short = try workspace.rnn("train", "adding", "--seq-length", "1")
        #expect(short.status == 2 && short.error.contains("--seq-length is 1; expected 2 to 1000000"))
        try #require(
            try workspace.rnn(["train", "adding", "--out", "run", "--max-steps", "1"] + Self.tiny).status == 0)
        let data = try workspace.rnn("resume", "run", "--max-steps", "2", "--data", "text.txt")
        #expect(data.status == 1 && data.error.contains("/text.txt; expected none"))
    }

    @Test func aRowOfAPaperLeavesItsPicture() throws {
        let workspace = try Workspace()
        let table = try workspace.rnn("reproduce", "gradient-norms", "--pictures", "here")
        #expect(table.status == 0 && table.error.contains("here/gradient-norms.svg"), "\(table.error)")
        #expect(table.output.contains("identity ReLU RNN") && table.output.contains("6 of 6"))
        let picture = String(decoding: try workspace.read("here/gradient-norms.svg"), as: UTF8.self)
        #expect(picture.contains("</svg>") && picture.utf8.count < 150_000)
        let row = try workspace.rnn("reproduce", "gradient-norms", "--json").object()
        #expect((row["measurements"] as? [[String: Any]])?.count == 6 && row["result"] as? String == "pass")
        let blocked = try workspace.rnn("reproduce", "gradient-norms", "--pictures", "text.txt")
        #expect(blocked.status == 1 && blocked.error.contains("text.txt/gradient-norms.svg"), "\(blocked.error)")
    }
}
