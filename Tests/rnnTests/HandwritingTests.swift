import Foundation
import Testing

@Suite struct HandwritingCommandTests {
    private let workspace: Workspace
    private static let tiny = [
        "--rnn-size", "12", "--num-layers", "2", "--mixtures", "2", "--batch-size", "8", "--max-steps", "12",
    ]

    /// A file of drawings of zigzags.
    init() throws {
        workspace = try Workspace()
        let lines = (0..<40).map { drawing in
            let points = (0..<12).map { ($0 * 9 + drawing % 3, ($0 + drawing) % 2 * (20 + drawing)) }
            return "{\"word\":\"zigzag\",\"drawing\":[[\(points.map(\.0)),\(points.map(\.1))]]}"
        }
        try workspace.write(lines.joined(separator: "\n") + "\n", to: "zigzag.ndjson")
    }

    private func train(_ run: String, _ arguments: String...) throws -> Workspace.Result {
        let result = try workspace.rnn(["train", "handwriting", "--out", run] + Self.tiny + arguments)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func drawingsAreLearnedAndDrawn() throws {
        let finished = try #require(try train("run", "--data", "zigzag.ndjson", "--json").objects().last)
        let (loss, single) = (finished["loss"] as? Double, finished["singleGaussian"] as? Double)
        #expect(finished["drawings"] as? Int == 4 && loss != nil && single != nil)
        let evaluated = try workspace.rnn("evaluate", "run")
        #expect(evaluated.output.contains("nats a step; one Gaussian"))
        func generate(_ more: String...) throws -> Workspace.Result {
            try workspace.rnn(["generate", "run", "--seed", "3", "--length", "30"] + more)
        }
        #expect(try generate("--out", "one.svg").output == "one.svg\n")
        #expect(try generate("--out", "two.svg").status == 0)
        #expect(try generate("--out", "neat.svg", "--bias", "2").status == 0)
        let pictures = try ["one.svg", "two.svg", "neat.svg"].map(workspace.read)
        #expect(pictures[0] == pictures[1] && pictures[0] != pictures[2])
        let json = try generate("--json").object()
        #expect(json["steps"] as? [Int] == [31, 31, 31, 31, 31, 31])
        let refusals = [
            ("--bias", "-1", "the bias is -1.0"), ("--prompt", "a", "--prompt is for a model that writes texts"),
            ("--temperature", "0.5", "--temperature, --top-k and --top-p are for tokens"),
        ]
        for (option, value, reason) in refusals {
            let refused = try workspace.rnn("generate", "run", option, value)
            #expect(refused.status == 1 && refused.error.contains(reason), "\(refused.error)")
        }
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        #expect(workspace.exists("run/pictures/graph.svg"))
    }

    @Test func textsAreLearnedAndWritten() throws {
        let finished = try #require(
            try train("run", "--text", "--lines", "24", "--window", "3", "--json").objects().last)
        #expect(finished["written"] as? Int == 50 && finished["legible"] is Int)
        let written = try workspace.rnn("generate", "run", "--prompt", "ab", "--bias", "1", "--seed", "1")
        #expect(written.output == "run/pictures/written.svg\nrun/pictures/window.svg\n", "\(written.error)")
        let picture = String(decoding: try workspace.read("run/pictures/written.svg"), as: UTF8.self)
        #expect(picture.contains("<animate ") && picture.contains("<path"))
        let missing = try workspace.rnn("generate", "run")
        #expect(missing.status == 1 && missing.error.contains("--prompt is missing"))
        let unknown = try workspace.rnn("generate", "run", "--prompt", "a#")
        #expect(unknown.status == 1 && unknown.error.contains("the character \"#\" at place 2"))
    }

    @Test func wrongInputIsRefused() throws {
        let missing = try workspace.rnn("train", "handwriting")
        #expect(missing.status == 1 && missing.error.contains("--data is missing"), "\(missing.error)")
        let none = try workspace.rnn("train", "handwriting", "--data", "none.npz")
        #expect(none.status == 1 && none.error.contains("none.npz"))
        let font = try workspace.rnn("train", "handwriting", "--data", "zigzag.ndjson", "--font", "x.jhf")
        #expect(font.status == 2 && font.error.contains("--font is for lines that are composed"))
        let untitled = try workspace.rnn(
            "train", "handwriting", "--text", "--data", "zigzag.ndjson", "--seq-length", "5")
        #expect(untitled.status == 1 && untitled.error.contains("nothing to train on"), "\(untitled.error)")
    }
}
