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

    /// Another text has words that the vocabulary of the run to start from lacks: how many is said before training begins.
    @Test func wordsThatAnInitialRunLacksAreSaid() throws {
        let workspace = try Workspace()
        try workspace.write(String(repeating: "the cat sat\n", count: 20), to: "known.txt")
        try workspace.write(String(repeating: "the dog sat\n", count: 20), to: "other.txt")
        let options =
            ["--max-steps", "1", "--batch-size", "2", "--seq-length", "8", "--sample-length", "0"] + [
                "--val-fraction", "0.2", "--test-fraction", "0",
            ]
        let first = try workspace.rnn(
            ["train", "text", "--level", "word", "--rnn-size", "8", "--data", "known.txt", "--out", "run"] + options)
        #expect(first.error.contains("count as <unk>: 0.00% of those for training, 0.00%"), "\(first.error)")
        let second = try workspace.rnn(
            ["train", "text", "--init-from", "run", "--data", "other.txt", "--out", "second"] + options)
        #expect(second.status == 0, "\(second.error)")
        #expect(
            second.error.contains("count as <unk>: 25.00% of those for training, 25.00% of those for validation"),
            "\(second.error)")
    }

    /// A corpus as language models are trained on: cut into words already, with unknown ones marked, in three files.
    @Test func aCorpusInThreeFilesIsTrainedOn() throws {
        let workspace = try Workspace()
        let line = " the <unk> n't sat on N mats \n the cat 's <unk> sat \n\n"
        for (name, count) in [("train", 20), ("val", 3), ("test", 2)] {
            try workspace.write(String(repeating: line, count: count), to: "\(name).txt")
        }
        let files = ["--data", "train.txt", "--val-data", "val.txt", "--test-data", "test.txt"]
        let options = ["--level", "word", "--tokens", "whitespace", "--tie-weights", "--max-steps", "4"]
        let trained = try workspace.rnn(["train", "text", "--out", "run"] + files + options + Workspace.tiny)
        #expect(trained.status == 0 && trained.error.contains("1 x 8 lstm, 10 words"), "\(trained.error)")
        #expect(trained.error.contains("count as <unk>: 13.33% of those for training, 13.33% of those for validation"))
        let judged = try workspace.rnn("evaluate", "run", "--json").object()
        #expect(judged["tokens"] as? Int == 30 && (judged["data"] as? String)?.hasSuffix("test.txt") == true)
        let (loss, bytes) = (try #require(judged["loss"] as? Double), try #require(judged["natsPerByte"] as? Double))
        #expect(abs(bytes - 29 * loss / Double(2 * line.utf8.count - 5)) < 1e-6)
        let written = try workspace.rnn(
            "generate", "run", "--prompt", #"the cat\n"#, "--escapes", "--length", "5", "--seed", "1")
        #expect(written.status == 0 && written.output.hasPrefix("the cat\n"), "\(written.error)")
        let plain = try workspace.rnn("generate", "run", "--prompt", #"the cat\n"#, "--length", "5")
        #expect(plain.error.contains("with --escapes"), "\(plain.error)")
        let wrong = try workspace.rnn("generate", "run", "--prompt", #"the \q"#, "--escapes")
        #expect(wrong.status == 2 && wrong.error.contains(#"there is no escape \q"#), "\(wrong.error)")
        let widths = try workspace.rnn(
            ["train", "text", "--level", "word", "--tie-weights", "--embedding-size", "4", "--rnn-size", "8"] + files)
        #expect(widths.status == 2 && widths.error.contains("expected --embedding-size 8"), "\(widths.error)")
        let letters = try workspace.rnn(["train", "text", "--tokens", "whitespace", "--data", "train.txt"])
        #expect(letters.status == 2 && letters.error.contains("--tokens is whitespace"), "\(letters.error)")
        let shares = try workspace.rnn(["train", "text", "--val-fraction", "0.1"] + files)
        #expect(shares.status == 2 && shares.error.contains("takes the place of --val-fraction"), "\(shares.error)")
        // A run to start from says what is not given: that its tokens are words.
        let further = try workspace.rnn(
            ["train", "text", "--init-from", "run", "--max-steps", "1", "--sample-length", "0", "--out", "further"]
                + ["--batch-size", "2", "--seq-length", "8", "--tokens", "whitespace"] + files)
        #expect(further.status == 0, "\(further.error)")
        let drawn = try workspace.rnn(
            ["train", "text", "--level", "word", "--adaptive-softmax", "3,6", "--max-steps", "2", "--out", "sampled"]
                + files + Workspace.tiny)
        #expect(drawn.status == 0, "\(drawn.error)")
    }
}
