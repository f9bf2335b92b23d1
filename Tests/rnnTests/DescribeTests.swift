import Foundation
import Testing

@Suite struct DescribeCommandTests {
    private let workspace: Workspace
    private static let tiny = ["--rnn-size", "16", "--batch-size", "10", "--eval-every", "10"]

    /// A directory of pictures of 3 x 4 pixels whose class is the row that is bright.
    init() throws {
        workspace = try Workspace()
        try workspace.writeRows(to: "rows")
    }

    private func train(_ run: String, _ more: String...) throws -> Workspace.Result {
        let result = try workspace.rnn(["train", "describe", "--data", "rows", "--out", run] + Self.tiny + more)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func picturesOfFilesAreNamed() throws {
        try workspace.write("top\nmiddle\nbottom\n", to: "names.txt")
        let trained = try train(
            "run", "--names", "names.txt", "--max-steps", "200", "--learning-rate", "0.01", "--json")
        let finished = try #require(try trained.objects().last)
        #expect(finished["exact"] as? Double == 1 && finished["pictures"] as? Int == 30)
        #expect(workspace.exists("run/pictures/named.svg") && workspace.exists("run/pictures/exact.svg"))
        let evaluated = try workspace.rnn("evaluate", "run")
        #expect(evaluated.output.contains("exact 1.0000") && evaluated.output.contains("30 test pictures"))
        try workspace.write("P2 4 3 255\n0 0 0 0  200 210 190 200  0 0 9 0\n", to: "one.pgm")
        let named = try workspace.rnn("predict", "run", "one.pgm", "rows/t10k-images-idx3-ubyte")
        let lines = named.output.split(separator: "\n")
        #expect(
            lines.count == 31 && lines[0] == "one.pgm: middle" && lines[3] == "rows/t10k-images-idx3-ubyte 2: bottom")
        let json = try workspace.rnn("predict", "run", "one.pgm", "--json").object()
        #expect(json["name"] as? String == "middle" && json["file"] as? String == "one.pgm")
        try workspace.write("P2 3 3 255\n0 0 0  0 0 0  0 0 0\n", to: "small.pgm")
        let small = try workspace.rnn("predict", "run", "small.pgm")
        #expect(small.status == 1 && small.error.contains("small.pgm: 3 x 3 pixels; the model reads 3 x 4"))
    }

    /// The first name is that of the smallest label, and digits are named as they are.
    @Test func labelsFromOneHaveTheirNames() throws {
        try workspace.writeRows(to: "rows", firstLabel: 1)
        _ = try train("run", "--max-steps", "200", "--learning-rate", "0.01")
        try workspace.write("P2 4 3 255\n0 0 0 0  200 210 190 200  0 0 9 0\n", to: "one.pgm")
        #expect(try workspace.rnn("predict", "run", "one.pgm").output == "one.pgm: two\n")
        try workspace.write("none\ntop\nmiddle\nbottom\n", to: "names.txt")
        let many = try workspace.rnn("train", "describe", "--data", "rows", "--names", "names.txt")
        #expect(
            many.status == 1 && many.error.contains("there are 4 names; ")
                && many.error.contains(" has 3 classes, 1 to 3; expected --names"), "\(many.error)")
    }

    @Test func wrongInputIsRefused() throws {
        let missing = try workspace.rnn("train", "describe")
        #expect(missing.status == 1 && missing.error.contains("expected --data: a directory"), "\(missing.error)")
        try workspace.write("top\nmiddle\n", to: "names.txt")
        let few = try workspace.rnn("train", "describe", "--data", "rows", "--names", "names.txt")
        #expect(few.status == 1 && few.error.contains("names.txt: there are 2 names"), "\(few.error)")
        let options = try workspace.rnn("train", "describe", "--data", "rows", "--rnn-size", "0")
        #expect(options.status == 2 && options.error.contains("--rnn-size is 0"))
    }
}
