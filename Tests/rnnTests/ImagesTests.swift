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

    /// As EMNIST's letters, whose labels are 1 to 26.
    @Test func labelsFromOneAreShownAsTheyAre() throws {
        try workspace.writeRows(to: "rows", firstLabel: 1)
        let trained = try train("run", "--max-epochs", "20", "--json")
        #expect(trained.error.contains("\nThe labels are counted from 1 to 3, since no picture has the label 0\n"))
        #expect(trained.error.contains("3 classes"))
        let finished = try #require(try trained.objects().last)
        #expect(finished["accuracy"] as? Double == 1)
        let table = try workspace.rnn("evaluate", "run").output
        #expect(table.contains("\n  3  ") && !table.contains("\n  0  "), "\(table)")
        try workspace.write("P2 4 3 255\n0 0 0 0  200 210 190 200  0 0 9 0\n", to: "one.pgm")
        #expect(try workspace.rnn("predict", "run", "one.pgm").output.hasPrefix("one.pgm: 2  "))
        let read = try workspace.rnn("predict", "run", "one.pgm", "--json").object()
        #expect(read["class"] as? Int == 2 && read["firstClass"] as? Int == 1)
        #expect((read["probabilities"] as? [Double])?.count == 3)
        try workspace.writeRows(to: "zeros")
        let zeros = try workspace.rnn("evaluate", "run", "--data", "zeros")
        #expect(zeros.status == 1 && zeros.error.contains("a picture has the label 0; the model knows classes 1 to 3"))
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
        try workspace.write(
            "{\"rows\": 3, \"columns\": 4, \"classes\": 3, \"firstLabel\": 9223372036854775807}",
            to: "first/preparation.json")
        let far = try workspace.rnn("inspect", "first")
        #expect(far.status == 1 && far.error.contains("firstLabel is 9223372036854775807; expected 0 to 1"))
    }
}
