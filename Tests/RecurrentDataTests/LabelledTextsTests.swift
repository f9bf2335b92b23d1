import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct LabelledTextsTests {
    /// Writes files into a new directory and reads it, or one of them.
    private func read(
        _ files: [String: String], _ name: String = "", columns: LabelledTexts.Columns? = nil
    ) throws -> LabelledTexts {
        try withTemporaryDirectory { directory in
            for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name)) }
            return try LabelledTexts(path: name.isEmpty ? directory : directory + "/" + name, columns: columns)
        }
    }

    private func refusal(
        _ files: [String: String], _ name: String = "", columns: LabelledTexts.Columns? = nil
    ) -> String {
        message { _ = try read(files, name, columns: columns) }
    }

    @Test func aFileForEachLabel() throws {
        let names = try read([
            "Irish.txt": "Adam\r\nAhearn\nAdam\n", "Czech.tsv": "\u{FEFF}Abl\n\n \nB\u{85}c", "LICENSE": "MIT",
            ".hidden.txt": "x",
        ])
        #expect(names.labelNames == ["Czech", "Irish"])
        #expect(names.texts == ["Abl", "B\u{85}c", "Adam", "Ahearn", "Adam"] && names.labels == [0, 0, 1, 1, 1])
        #expect(names.skippedCount == 2)
        #expect(refusal(["LICENSE": "x"]).contains("no files of texts; looked for .txt and .tsv"))
        #expect(refusal(["a.txt": "x"]).contains("found only the label \"a\"; expected texts of at least two"))
    }

    @Test func textAndLabelWithATabBetween() throws {
        let texts = try read(["x": "Good.  \t1\n Bad \u{2028} one.\t0\r\n\t1\n\nGood.\t1"], "x")
        #expect(texts.texts == ["Good.", "Bad \u{2028} one.", "Good."] && texts.labels == [1, 0, 1])
        #expect(texts.labelNames == ["0", "1"] && texts.skippedCount == 2)
        // The column with fewer different cells is the label, wherever it stands.
        #expect(try read(["x": "1\ta\n0\tb\n1\tc"], "x").texts == ["a", "b", "c"])
        #expect(refusal(["x": "1\ta\n0\tb"], "x").contains("both columns have 2 different cells"))
        let columns = LabelledTexts.Columns(text: "2", label: "1")
        #expect(try read(["x": "1\ta\n0\tb"], "x", columns: columns).texts == ["a", "b"])
    }

    @Test func severalFilesWithTabs() throws {
        let texts = try read(["b.txt": "x\t1\n", "a.tsv": "y\t0\nz\t1\n", "c.txt": "\n"])
        #expect(texts.texts == ["y", "z", "x"] && texts.labels == [0, 1, 1])
        #expect(refusal(["a.txt": "x\t1\n", "b.txt": "read me"]).contains("b.txt, line 1: no tab, where"))
    }

    @Test func aHeaderNamesTheColumns() throws {
        let csv = "id,label,text\n1,b,\"one, \"\"two\"\"\nthree\"\n2,a,# four\n3,a,\n"
        let texts = try read(["x.csv": csv], "x.csv")
        #expect(texts.texts == ["one, \"two\"\nthree", "# four"] && texts.labels == [1, 0] && texts.skippedCount == 1)
        let columns = LabelledTexts.Columns(text: "label", label: "1")
        #expect(try read(["x.csv": csv], "x.csv", columns: columns).labelNames == ["1", "2", "3"])
        #expect(
            refusal(["x.csv": "a,b\n1,2\n"], "x.csv").contains("there is no column \"text\"; expected \"a\", \"b\""))
        #expect(refusal(["x.csv": "text,label\na\n"], "x.csv").contains("line 2: the number of cells is 1"))
        #expect(refusal(["x.csv": "text,label\na,\n"], "x.csv").contains("line 2, column 2: the label is missing"))
        #expect(refusal(["x.csv": ""], "x.csv").contains("the file is empty"))
    }

    @Test func everyFailureNamesItsPlace() throws {
        #expect(
            refusal(["x": "a\t1\n\nb\n"], "x").contains("/x, line 3: the number of cells is 1; expected a text and"))
        #expect(refusal(["x": "a\t1\nb\t1\t1\n"], "x").contains("line 2: the number of cells is 3"))
        #expect(refusal(["x": "a\t1\nb\t1\nc\t\n"], "x").contains("line 3: the label is missing"))
        #expect(refusal(["x": ""], "x").contains("found no labelled texts"))
        let invalid = message { _ = try TextLines([0x61, 0x0A, 0x0A, 0xC3, 0x0A], name: "x") }
        #expect(invalid == "x, line 3: the line is not valid UTF-8; " + TextEncoding.advice)
        #expect(message { _ = try LabelledTexts(path: "/nonexistent") }.contains("there is no such file"))
    }

    @Test func damagedFilesNeverTrap() throws {
        try readDamaged(Array("\u{FEFF}a é\t1\r\n\nb\t0\nc\t1\n".utf8), name: "x") { bytes in
            _ = try LabelledTexts(tabSeparated: [TextLines(bytes, name: "x")], columns: nil, name: "x")
        }
        try readDamaged(Array("text;label\n\"a\"\"é\";1\n b;0\n".utf8), name: "x") { bytes in
            _ = try LabelledTexts(commaSeparated: bytes, columns: nil, name: "x")
        }
    }

    @Test func everyClassIsSplitAlike() throws {
        let examples = (0..<111).map { number in
            LabelledTexts.Example(text: "\(number)", label: number == 110 ? "one" : number < 100 ? "a" : "b")
        }
        let whole = try LabelledTexts(examples, name: "x")
        let parts = try whole.divided(by: Division(validationFraction: 0.2, testFraction: 0.1, seed: 4))
        func counts(_ part: LabelledTexts) -> [Int] { (0..<3).map { label in part.labels.count { $0 == label } } }
        #expect(counts(parts.training) == [70, 7, 1])
        #expect(counts(parts.validation) == [20, 2, 0] && counts(parts.test) == [10, 1, 0])
        let all = parts.training.texts + parts.validation.texts + parts.test.texts
        #expect(Set(all) == Set(whole.texts) && all.count == 111)
        #expect(
            parts.test.labelNames == whole.labelNames
                && parts.test.texts
                    == parts.test.texts.sorted {
                        (Int($0) ?? 0) < (Int($1) ?? 0)
                    }
        )
        #expect(try whole.divided(by: Division(validationFraction: 0.2, testFraction: 0.1, seed: 4)) == parts)
        #expect(try whole.divided(by: Division(validationFraction: 0.2, testFraction: 0.1, seed: 5)).test != parts.test)
        #expect(
            try whole.divided(by: Division(validationFraction: 0.5, testFraction: 0.499, seed: 1)).training.labelNames
                .count == 3)
        for (validation, test) in [(-0.1, 0), (0, 1), (0.5, 0.5), (.nan, 0), (0, .infinity)] as [(Double, Double)] {
            #expect(throws: RecurrentError.self) {
                try whole.divided(by: Division(validationFraction: validation, testFraction: test, seed: 1))
            }
        }
    }

    /// Endings in capitals, lines that end in CR, and UTF-16, as other programs write them.
    @Test func filesOfOtherPrograms() throws {
        try withTemporaryDirectory { directory in
            try Data("one\rtwo\r".utf8).write(to: URL(filePath: directory + "/Sea.TXT"))
            try Data("three\r\n".utf8).write(to: URL(filePath: directory + "/Wood.txt"))
            let read = try LabelledTexts(path: directory)
            #expect(read.texts == ["one", "two", "three"] && read.labelNames == ["Sea", "Wood"])
            // Resource forks of macOS are no files of texts, and a directory with a file's name is refused as what it is.
            try Data([0, 5, 22, 7, 0]).write(to: URL(filePath: directory + "/._Sea.TXT"))
            try Data("four\n".utf8).write(to: URL(filePath: directory + "/desert.TSV"))
            #expect(try LabelledTexts(path: directory).labelNames == ["Sea", "Wood", "desert"])
            try FileManager.default.createDirectory(
                atPath: directory + "/old.txt", withIntermediateDirectories: false)
            #expect(
                message { _ = try LabelledTexts(path: directory) }
                    == "\(directory)/old.txt: it is a directory; expected a file")
            let csv = directory + "/A.CSV"
            try Data("text,label\rone,x\rtwo,y\r".utf8).write(to: URL(filePath: csv))
            #expect(try LabelledTexts(path: csv).texts == ["one", "two"])
            let wide = "text,label\none,x\ntwo,y\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            try Data(wide).write(to: URL(filePath: csv))
            #expect(try LabelledTexts(path: csv).texts == ["one", "two"])
        }
    }
}
