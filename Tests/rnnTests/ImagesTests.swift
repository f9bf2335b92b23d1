import Foundation
import Testing

@Suite struct ImagesCommandTests {
    private let workspace: Workspace
    private static let tiny = ["--rnn-size", "16", "--batch-size", "11", "--learning-rate", "0.01"]

    init() throws {
        workspace = try Workspace()
        try workspace.writeRows(to: "rows")
    }

    private func train(_ run: String, _ more: String...) throws -> Workspace.Result {
        let result = try workspace.rnn(["train", "images", "--data", "rows", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func picturesAreReadRowByRow() throws {
        let trained = try train("run", "--max-epochs", "20", "--json")
        let finished = try #require(try trained.objects().last)
        #expect(finished["accuracy"] as? Double == 1 && finished["pictures"] as? Int == 30)
        #expect(workspace.exists("run/pictures/confusion-matrix.svg"))
        #expect(workspace.exists("run/pictures/accuracy.svg"))
        let evaluated = try workspace.rnn("evaluate", "run")
        #expect(evaluated.output.contains("accuracy 1.0000") && evaluated.output.contains("macro average"))
        try workspace.write("P2 4 3 255\n0 0 0 0  200 210 190 200  0 0 9 0\n", to: "one.pgm")
        let read = try workspace.rnn("predict", "run", "one.pgm", "rows/t10k-images-idx3-ubyte")
        #expect(read.output.hasPrefix("one.pgm: 1  ") && read.output.split(separator: "\n").count == 31)
        let other = try workspace.rnn("predict", "run", "rows/t10k-labels-idx1-ubyte")
        #expect(other.status == 1 && other.error.contains("expected pictures [count, rows, columns]"))
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        #expect(workspace.exists("run/pictures/graph.svg") && workspace.exists("run/pictures/graph.dot"))
    }

    @Test func anotherRunsWeightsAreTheBeginning() throws {
        _ = try train("first", "--max-epochs", "2")
        let second = try workspace.rnn(
            ["train", "images", "--init-from", "first", "--out", "second", "--max-epochs", "1"] + Self.tiny)
        #expect(second.status == 0, "\(second.error)")
        try workspace.write("{\"rows\": 3, \"columns\": 4, \"classes\": -1}", to: "first/preparation.json")
        let damaged = try workspace.rnn("inspect", "first")
        #expect(
            damaged.status == 1 && damaged.error.contains("first/preparation.json: classes is -1; expected 1 to 256"))
    }
}
