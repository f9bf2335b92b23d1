import Foundation
import Testing

@Suite struct MelodyCommandTests {
    private static let tiny = ["--rnn-size", "8", "--batch-size", "4", "--seq-length", "12"]

    @Test func tunesAreTrainedJudgedAndWritten() throws {
        let workspace = try Workspace()
        let json = "[" + (1...20).map { "[[\(40 + $0)], [\(40 + $0), 60], [], [60]]" }.joined(separator: ",") + "]"
        try workspace.write(json, to: "tunes.json")
        let trained = try workspace.rnn(
            ["train", "melody", "--data", "tunes.json", "--out", "run", "--max-steps", "8"] + Self.tiny)
        #expect(trained.status == 0, "\(trained.error)")
        #expect(trained.error.contains("Melody model: 1 x 8 lstm, 128 pitches"))
        #expect(trained.output.contains("negative log-likelihood") && trained.output.contains("independent notes"))
        let fields = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(fields["steps"] as? Int == 8 && fields["pieces"] as? Int == 2)
        #expect((fields["loss"] as? Double ?? 0) > 0 && (fields["unigramLoss"] as? Double ?? 0) > 0)

        let written = try workspace.rnn("generate", "run", "--out", "tune.mid", "--length", "5", "--seed", "1")
        #expect(written.status == 0 && written.output.hasPrefix("tune.mid: 5 steps"), "\(written.error)")
        #expect(try workspace.read("tune.mid").starts(with: Data("MThd".utf8)))
        let shown = try workspace.rnn("generate", "run", "--length", "5", "--seed", "1")
        #expect(shown.output.split(separator: "\n").count == 5)
        let steps = try workspace.rnn("generate", "run", "--length", "5", "--seed", "1", "--json").object()["steps"]
        #expect((steps as? [[Int]])?.count == 5)
        let blocked = try workspace.rnn("generate", "run", "--out", "tunes.json/tune.mid")
        #expect(blocked.status == 1 && blocked.error.contains("tunes.json/tune.mid"), "\(blocked.error)")
        let long = try workspace.rnn("generate", "run", "--length", "1000001")
        #expect(long.status == 1 && long.error.contains("--length is 1000001; expected at most 1000000 steps"))
        let prompt = try workspace.rnn("generate", "run", "--prompt", "C")
        #expect(prompt.status == 1 && prompt.error.contains("expected neither --prompt"))
    }

    @Test func tunesOfTheTasksOwn() throws {
        let workspace = try Workspace()
        let trained = try workspace.rnn(["train", "melody", "--out", "run", "--max-steps", "3"] + Self.tiny)
        #expect(trained.status == 0 && trained.output.contains("generated tunes"), "\(trained.error)")
        try workspace.write("[[[60, 300]]]", to: "wrong.json")
        let wrong = try workspace.rnn("train", "melody", "--data", "wrong.json")
        let place = "wrong.json, piece 1, step 1: byte 2 of the file: the pitch is 300"
        #expect(wrong.status == 1 && wrong.error.contains(place), "\(wrong.error)")
        try workspace.train("text", "--max-steps", "1")
        let file = try workspace.rnn("generate", "text", "--out", "x.txt")
        #expect(file.status == 1 && file.error.contains("writes no file"))
    }
}
