import Foundation
import Testing

@Suite struct WordCommandTests {
    @Test func wordsAreTrainedJudgedAndWritten() throws {
        let workspace = try Workspace()
        let limit = ["--vocabulary-limit", "5", "--embedding-size", "6", "--max-steps", "10"]
        let trained = try workspace.rnn(
            ["train", "text", "--data", "text.txt", "--level", "word", "--out", "run"] + Workspace.tiny + limit)
        #expect(trained.status == 0 && trained.error.contains("Text model: 1 x 8 lstm, 5 words"), "\(trained.error)")
        #expect(trained.error.contains("embedding.table"))
        let judged = try workspace.rnn("evaluate", "run")
        #expect(judged.output.contains("perplexity") && judged.output.contains("the one token <unk>"))
        let fields = try workspace.rnn("evaluate", "run", "--json").object()
        #expect((fields["unknownTokens"] as? Int ?? 0) > 0)

        let written = try workspace.rnn(
            "generate", "run", "--prompt", "the zebra sea ", "--length", "80", "--seed", "1")
        #expect(written.status == 0 && written.output.hasPrefix("the zebra sea"))
        #expect(!written.output.contains("<unk>") && !written.output.contains("  "))
        #expect(written.error.contains("read as <unk>: ") && written.error.contains(#""zebra""#), "\(written.error)")
        let free = try workspace.rnn("generate", "run", "--length", "200", "--seed", "1", "--unknown-words", "--json")
        #expect((try free.object()["text"] as? String)?.contains("<unk>") == true)
    }

    @Test func aLimitWithoutWordsIsRefused() throws {
        let workspace = try Workspace()
        let refused = try workspace.rnn("train", "text", "--data", "text.txt", "--vocabulary-limit", "9")
        #expect(refused.status == 2 && refused.error.contains("expected --level word"), "\(refused.error)")
        try workspace.train("run", "--max-steps", "2")
        let other = try workspace.rnn(
            "train", "text", "--data", "text.txt", "--init-from", "run", "--level", "word", "--max-steps", "1")
        #expect(
            other.status == 1 && other.error.contains("--level is word, but the model has a vocabulary of characters"),
            "\(other.error)")
    }
}
