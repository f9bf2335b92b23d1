import Foundation
import Testing

@Suite struct UseTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.train("run", "--max-steps", "60", "--learning-rate", "0.02")
    }

    @Test func theSameSeedWritesTheSameText() throws {
        func text(_ seed: String) throws -> String {
            try workspace.rnn("generate", "run", "--length", "200", "--seed", seed).output
        }
        let first = try text("7")
        #expect(first.unicodeScalars.count == 201)
        #expect(try text("7") == first)
        #expect(try text("8") != first)
    }

    @Test func jsonTellsTheSeedThatWritesTheTextAgain() throws {
        let object = try workspace.rnn("generate", "run", "--length", "50", "--prompt", "the ", "--json").object()
        let seed = try #require(object["seed"] as? Int)
        let again = try workspace.rnn("generate", "run", "--length", "50", "--prompt", "the ", "--seed", "\(seed)")
        #expect(object["prompt"] as? String == "the ")
        #expect(again.output == "the " + (try #require(object["text"] as? String)) + "\n")
    }

    @Test func theMostLikelyTextIsOne() throws {
        let greedy = try [["--temperature", "0"], ["--temperature", "0"], ["--top-k", "1"], ["--top-p", "1e-30"]].map {
            try workspace.rnn(["generate", "run", "--length", "40"] + $0).output
        }
        #expect(Set(greedy).count == 1 && greedy[0].unicodeScalars.count == 41)
    }

    @Test func promptsOfAnyLengthAndNoneAreTaken() throws {
        for (prompt, length) in [("", 5), ("t", 5), ("the sea and work, ", 0)] {
            let result = try workspace.rnn("generate", "run", "--prompt", prompt, "--length", "\(length)")
            #expect(result.status == 0 && result.output.hasPrefix(prompt))
            #expect(result.output.unicodeScalars.count == prompt.unicodeScalars.count + length + 1)
        }
    }

    /// The text comes while it is generated: a reader that has enough ends the command.
    @Test func textStreams() throws {
        let result = try workspace.shell("\"$0\" generate run --length 1000000000 | head -c 20")
        #expect(result.status == 0)
        #expect(result.output.utf8.count == 20)
        #expect(result.error.isEmpty)
    }

    @Test func evaluationIsThatOfTheHistory() throws {
        let evaluated = try workspace.rnn("evaluate", "run", "--json").object()
        let line = try workspace.rnn("inspect", "run", "--json").object()
        #expect(evaluated["loss"] as? Double == line["validationLoss"] as? Double)
        let loss = try #require(evaluated["loss"] as? Double)
        let perplexity = try #require(evaluated["perplexity"] as? Double)
        #expect(abs(log(perplexity) - loss) < 1e-9)
        #expect(evaluated["step"] as? Int == 60)
        try workspace.write(Workspace.text + "the sea", to: "other.txt")
        let other = try workspace.rnn("evaluate", "run", "--data", "other.txt", "--json").object()
        #expect(other["tokens"] as? Int == Workspace.text.unicodeScalars.count + 7)
        let told = try workspace.rnn("evaluate", "run").output
        #expect(told.contains("the validation part of /") && told.contains("/text.txt"))
    }

    /// What a run kept from training is a part of the data as it was, wherever it lies now.
    @Test func dataThatMovedIsKnownAgainAndDataThatChangedIsNot() throws {
        let own = try workspace.rnn("evaluate", "run", "--json").object()
        try FileManager.default.moveItem(atPath: workspace.path + "/text.txt", toPath: workspace.path + "/moved.txt")
        let moved = try workspace.rnn("evaluate", "run", "--data", "moved.txt", "--json").object()
        #expect(moved["loss"] as? Double == own["loss"] as? Double && moved["tokens"] as? Int == own["tokens"] as? Int)
        try workspace.write(Workspace.text + "the sea", to: "text.txt")
        let changed = try workspace.rnn("evaluate", "run")
        #expect(changed.status == 1 && changed.error.contains("text.txt has changed since the run was trained on it"))
        #expect(try workspace.rnn("generate", "run", "--length", "1").status == 0)
    }

    /// A training that ends too early says how to go on; one whose learning rate has come to 0 does not.
    @Test func lossesThatStillFallAreSaid() throws {
        let line =
            ["train", "text", "--data", "text.txt", "--learning-rate", "0.02", "--max-steps", "20"] + Workspace.tiny
        let short = try workspace.rnn(line + ["--eval-every", "10", "--out", "short"])
        #expect(short.error.contains("The validation loss was still falling ("), "\(short.error)")
        #expect(short.error.contains("rnn resume short --max-steps 40"))
        let ended = try workspace.rnn(line + ["--eval-every", "10", "--lr-schedule", "cosine:20", "--out", "ended"])
        #expect(ended.status == 0 && !ended.error.contains("still falling"), "\(ended.error)")
    }

    @Test func inspectionCountsEveryParameter() throws {
        let object = try workspace.rnn("inspect", "run", "--json").object()
        let parameters = try #require(object["parameters"] as? [[String: Any]])
        let counts = parameters.map { ($0["shape"] as? [Int] ?? []).reduce(1, *) }
        let vocabulary = Set(Workspace.text.unicodeScalars).count
        #expect(object["parameterCount"] as? Int == counts.reduce(0, +))
        #expect(counts.reduce(0, +) == (vocabulary + 8 + 1) * 32 + (8 + 1) * vocabulary)
        #expect(try workspace.rnn("inspect", "run").output.contains("Text model: 1 x 8 lstm, \(vocabulary) characters"))
    }

    /// What is needed to use the weights elsewhere: the order of the gates, and what is added to them.
    @Test func inspectionTellsWhatWeightsMean() throws {
        let text = try workspace.rnn("inspect", "run").output
        #expect(text.contains("\ncell.0: lstm; columns i, f, g, o; forget bias 0.0; net = x W + h R + b; "), "\(text)")
        let cells = try #require(try workspace.rnn("inspect", "run", "--json").object()["cells"] as? [[String: Any]])
        #expect(cells.count == 1 && cells[0]["name"] as? String == "cell.0" && cells[0]["kind"] as? String == "lstm")
        #expect(cells[0]["gates"] as? [String] == ["i", "f", "g", "o"] && cells[0]["forgetBias"] as? Double == 0)
        let file = try #require(
            try FileManager.default.subpathsOfDirectory(atPath: workspace.path + "/run").first {
                $0.hasSuffix(".safetensors")
            })
        let header = try Data(contentsOf: URL(filePath: workspace.path + "/run/" + file)).prefix(4096)
        #expect(String(decoding: header, as: UTF8.self).contains(#""cell.cell.0":"lstm; columns i, f, g, o; forget"#))
    }

    /// A perplexity beyond every number is null, as JSON has no infinity.
    @Test func hugeLossesAreStillJSON() throws {
        try workspace.train("wild", "--max-steps", "100", "--learning-rate", "1000", "--grad-clip", "0")
        let object = try workspace.rnn("evaluate", "wild", "--json").object()
        #expect(try #require(object["loss"] as? Double) > 0)
        #expect(object["perplexity"] != nil)
    }
}
