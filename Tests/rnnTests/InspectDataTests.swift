import Foundation
import Testing

/// `rnn data inspect`: what every kind of data is taken for, and what training would make of it.
@Suite struct InspectDataTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    /// The JSON of a path, and the first training's.
    private func inspected(_ path: String, _ options: String...) throws -> (all: [String: Any], training: [String: Any])
    {
        let result = try workspace.rnn(["data", "inspect", path, "--json", "--picture", "x.svg"] + options)
        try #require(result.status == 0, "\(result.error)")
        let picture = try String(contentsOfFile: workspace.path + "/x.svg", encoding: .utf8)
        #expect(picture.hasPrefix("<svg") && picture.contains("</svg>"))
        let object = try result.object()
        return (object, (object["trainings"] as? [[String: Any]])?.first ?? [:])
    }

    @Test func runningText() throws {
        try workspace.write(String(repeating: "to be, or not to be.\n", count: 2000), to: "a.txt")
        let (found, training) = try inspected("a.txt")
        #expect(found["kind"] as? String == "text" && found["differentCharacters"] as? Int == 10)
        #expect(training["command"] as? String == "rnn train text --data a.txt")
        #expect(training["itemsPerStep"] as? Int == 2500)
        let trainings = try #require(found["trainings"] as? [[String: Any]])
        #expect(trainings.count == 3 && trainings.prefix(2).allSatisfy { $0["refusal"] == nil })
    }

    @Test func tablesOfNumbers() throws {
        let rows = (0..<60).map { "2020-\($0 / 28 + 1)-\($0 % 28 + 1),\($0 % 7),\($0)" }
        try workspace.write("day,wave,ramp\n" + rows.joined(separator: "\n") + "\n", to: "numbers.dat")
        let (found, training) = try inspected("numbers.dat")
        #expect(found["kind"] as? String == "table" && found["rows"] as? Int == 60)
        #expect(training["command"] as? String == "rnn train series --data numbers.dat")
        #expect((training["title"] as? String)?.contains("the next 1 of ramp") == true)
        try workspace.write("1.5\n2.5\n1.25\n3\n4\n", to: "column.txt")
        #expect(try inspected("column.txt").training["refusal"] != nil)
        // What looks like a table and is a wrong one is no text.
        try workspace.write("1,2\n3,4\n5,6,7\n8,9\n", to: "wrong.txt")
        let wrong = try workspace.rnn("data", "inspect", "wrong.txt")
        #expect(wrong.status == 1 && wrong.error.contains("wrong.txt, line 3: the number of cells is 3"))
    }

    @Test func sentencesAndClasses() throws {
        let pairs = (0..<40).map { "Go \($0).\tVa \($0) !\tCC-BY \($0)" }.joined(separator: "\n")
        try workspace.write(pairs, to: "fra.txt")
        let translations = try inspected("fra.txt")
        #expect(translations.all["kind"] as? String == "pairs" && translations.all["pairs"] as? Int == 40)
        #expect(translations.training["command"] as? String == "rnn train translate --data fra.txt")
        #expect(translations.training["refusal"] == nil)
        let texts = (0..<40).map { "it is \($0)\t\($0 % 2 == 0 ? "even" : "odd")" }.joined(separator: "\n")
        try workspace.write(texts, to: "parity.tsv")
        let classes = try inspected("parity.tsv")
        #expect(classes.all["kind"] as? String == "labelled-texts" && classes.all["texts"] as? Int == 40)
        #expect(classes.training["command"] as? String == "rnn train classify --data parity.tsv")
        try workspace.write("text,label\n\"a, b\",x\nc,y\n", to: "named.csv")
        #expect(try inspected("named.csv").all["kind"] as? String == "labelled-texts")
        try FileManager.default.createDirectory(atPath: workspace.path + "/names", withIntermediateDirectories: true)
        try workspace.write("Anna\nBen\nCleo\nDan\n", to: "names/first.txt")
        try workspace.write("Smith\nMiller\nFox\nHill\n", to: "names/last.txt")
        let shown = try workspace.rnn("data", "inspect", "names")
        #expect(shown.output.contains("8 texts of 2 classes") && shown.output.contains("last   ####"))
    }

    @Test func storiesDrawingsAndTunes() throws {
        let story = "1 Mary went to the hall.\n2 Where is Mary?\thall\t1\n1 Dan went home.\n2 Where is Dan?\thome\t1\n"
        try workspace.write(story, to: "qa1_train.txt")
        let stories = try inspected("qa1_train.txt")
        #expect(stories.all["kind"] as? String == "stories" && stories.all["questions"] as? Int == 2)
        #expect(stories.training["command"] as? String == "rnn train answer --data qa1_train.txt")
        let drawing = "{\"drawing\":[[[0,10,20],[0,5,0]],[[3,4],[8,9]]],\"word\":\"x\",\"recognized\":true}\n"
        try workspace.write(String(repeating: drawing, count: 30), to: "x.ndjson")
        let drawings = try inspected("x.ndjson")
        #expect(drawings.all["kind"] as? String == "drawings" && drawings.all["training"] as? Int == 30)
        try workspace.write("[[[60, 64], [62], []], [[60], [61], [62]]]", to: "tunes.json")
        let tunes = try inspected("tunes.json")
        #expect(tunes.all["kind"] as? String == "tunes" && tunes.all["highestPitch"] as? Int == 64)
        #expect(tunes.training["command"] as? String == "rnn train melody --data tunes.json")
    }

    @Test func pictures() throws {
        try workspace.write(Data("P5\n3 2\n255\n".utf8) + Data([0, 128, 255, 255, 128, 0]), to: "x.pgm")
        let picture = try inspected("x.pgm")
        #expect(picture.all["kind"] as? String == "picture" && picture.all["columns"] as? Int == 3)
        let shown = try workspace.rnn("data", "inspect", "x.pgm")
        #expect(shown.output.contains("   =@\n") && shown.output.contains("  @=\n"))
        func idx(_ shape: [Int], _ values: [UInt8]) -> Data {
            Data([0, 0, 8, UInt8(shape.count)]) + Data(shape.flatMap { [0, 0, 0, UInt8($0)] }) + Data(values)
        }
        try FileManager.default.createDirectory(atPath: workspace.path + "/digits", withIntermediateDirectories: true)
        for part in ["train", "t10k"] {
            try workspace.write(
                idx([20, 2, 2], (0..<80).map { UInt8($0) }), to: "digits/\(part)-images-idx3-ubyte")
            try workspace.write(idx([20], (0..<20).map { $0 % 2 }), to: "digits/\(part)-labels-idx1-ubyte")
        }
        let digits = try inspected("digits")
        #expect(digits.all["kind"] as? String == "images" && digits.all["classes"] as? [Int] == [10, 10])
        #expect(digits.training["command"] as? String == "rnn train images --data digits")
        let one = try inspected("digits/train-images-idx3-ubyte")
        #expect(one.all["shape"] as? [Int] == [20, 2, 2])
    }

    @Test func whatIsFoundOutWronglyIsSaid() throws {
        try workspace.write("1,2\n3,4\n", to: "verse.txt")
        #expect(try inspected("verse.txt", "--kind", "text").all["kind"] as? String == "text")
        let options = try workspace.rnn("data", "inspect", "verse.txt", "--kind", "text", "--header")
        #expect(options.status == 1 && options.error.contains("expected --kind table with them"))
        try FileManager.default.createDirectory(atPath: workspace.path + "/other", withIntermediateDirectories: true)
        try workspace.write("x", to: "other/a.docx")
        let other = try workspace.rnn("data", "inspect", "other")
        #expect(other.status == 1 && other.error.contains("the directory holds a.docx; expected pictures"))
        let table = try workspace.rnn("data", "inspect", "verse.txt", "--no-header", "--date-format", "d.M.yy HH:mm")
        #expect(table.error.contains("no column has dates that --date-format d.M.yy HH:mm tells"))
        try workspace.write("P5,P50\n1,2\n3,4\n", to: "shares.csv")
        let shares = try inspected("shares.csv", "--missing-value", "-999", "--where", "P5=1")
        #expect(
            shares.training["command"] as? String
                == "rnn train series --data shares.csv --where P5=1 --missing-value -999")
        try workspace.write(Data([0, 0, 8, 3, 0, 0, 0, 0]) + Data(repeating: 255, count: 8), to: "huge-idx3-ubyte")
        #expect(try workspace.rnn("data", "inspect", "huge-idx3-ubyte").status == 0)
        #expect(try workspace.rnn("data", "inspect", "none").error.contains("there is no such file"))
    }
}
