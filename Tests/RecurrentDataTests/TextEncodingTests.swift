import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

/// Files whose bytes stand for characters in another way than UTF-8, or that stand in an archive.
@Suite struct TextEncodingTests {
    private func written<Result>(_ bytes: [UInt8], as name: String = "x.csv", _ body: (String) throws -> Result) throws
        -> Result
    {
        try withTemporaryDirectory { directory in
            let path = directory + "/" + name
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try body(path)
        }
    }

    /// "naïve café" and what else a language has, as the encodings' own tables have it (unicode.org/Public/MAPPINGS).
    @Test(arguments: [
        (
            TextEncoding.windows1252, [0x63, 0x61, 0x66, 0xE9, 0x20, 0x80, 0x93] as [UInt8],
            "caf\u{E9} \u{20AC}\u{201C}"
        ),
        (.latin1, [0x63, 0x61, 0x66, 0xE9], "caf\u{E9}"),
        (.windows1250, [0xE8, 0x9A], "\u{10D}\u{161}"),
        (.latin2, [0xE8, 0xB9], "\u{10D}\u{161}"),
        (.windows1251, [0xEC, 0xE8, 0xF0], "\u{43C}\u{438}\u{440}"),
        (.windows1253, [0xE1, 0xE2], "\u{3B1}\u{3B2}"),
        (.windows1254, [0xFD, 0xFE], "\u{131}\u{15F}"),
        (.shiftJIS, [0x93, 0xFA, 0x96, 0x7B], "\u{65E5}\u{672C}"),
        (.utf16LittleEndian, [0xE5, 0x65, 0x2C, 0x67], "\u{65E5}\u{672C}"),
        (.utf16BigEndian, [0x65, 0xE5, 0x67, 0x2C], "\u{65E5}\u{672C}"),
        (.utf8, [0x63, 0xC3, 0xA9], "c\u{E9}"),
    ])
    func everyEncoding(_ encoding: TextEncoding, _ bytes: [UInt8], _ text: String) throws {
        try written(bytes) { (path) throws in
            #expect(try TextFile(path: path, encoding: encoding).text() == text)
            #expect(try TextLines(path: path, encoding: encoding).lines.map(\.text) == [text])
        }
    }

    @Test func whatIsNotOfTheEncoding() throws {
        try written(Array("c\u{E9}".utf8)) { (path) throws in
            let refusal = message { _ = try TextFile(path: path, encoding: .windows1252) }
            #expect(refusal == "\(path): it is UTF-8, where `encoding` is windows-1252; expected no `encoding`")
        }
        try written([0x41, 0x81]) { (path) throws in
            let refusal = message { _ = try TextFile(path: path, encoding: .windows1252) }
            #expect(refusal == "\(path): it has bytes that are no character of `encoding` windows-1252")
        }
        try written([0x41, 0x42, 0x43]) { (path) throws in
            #expect(message { _ = try TextFile(path: path, encoding: .utf16BigEndian) }.contains("no character of"))
        }
    }

    @Test func theAdviceCanBeFollowed() throws {
        let bytes = Array("Stra".utf8) + [0xDF] + Array("e,x\nA,1\nB,2\n".utf8)
        try written(bytes) { (path) throws in
            #expect(message { _ = try DataTable(path: path) }.contains("say what it is with `encoding`"))
            var format = TableFormat()
            format.encoding = .windows1252
            #expect(try DataTable(path: path, format: format).columns[0].name == "Stra\u{DF}e")
            #expect(message { _ = try TextFile(path: path).text() }.contains("line 1, byte 4: 0xDF is not valid UTF-8"))
        }
        try written([0xE9, 0x09, 0x61, 0x0A, 0x62, 0x09, 0x63], as: "x.tsv") { (path) throws in
            #expect(message { _ = try SentencePairs(path: path) }.contains("say what it is with `encoding`"))
            #expect(try SentencePairs(path: path, encoding: .latin1).pairs[0].source == "\u{E9}")
            let columns = LabelledTexts.Columns(text: "2", label: "1")
            #expect(
                try LabelledTexts(path: path, columns: columns, encoding: .latin1).labelNames == ["b", "\u{E9}"])
        }
    }

    @Test func theOneFileOfAnArchive() throws {
        let table = Array("a,b\n1,2\n".utf8)
        let finder = ("__MACOSX/._x.csv", [UInt8](repeating: 0, count: 9))
        try written(storedArchive([("data/", []), ("data/x.csv", table), finder]), as: "x.zip") { (path) throws in
            #expect(try DataTable(path: path).series().columns == [[1], [2]])
            #expect(try TextFile(path: path).bytes == table)
        }
        try written(storedArchive([("x.csv", table), ("y.csv", table)]), as: "x.zip") { (path) throws in
            let refusal = message { _ = try DataTable(path: path) }
            #expect(refusal == "\(path): it is a zip archive of 2 files (x.csv, y.csv); expected one")
        }
        try written(storedArchive([("xl/workbook.xml", [0x3C])]), as: "x.xlsx") { (path) throws in
            let refusal = message { _ = try DataTable(path: path) }
            #expect(refusal == "\(path): it is a workbook (.xlsx); expected text: save the sheet as CSV")
        }
        try written([0x50, 0x4B, 3, 4, 0, 0], as: "x.zip") { (path) throws in
            #expect(message { _ = try DataTable(path: path) }.contains("expected a whole zip archive"))
        }
    }

    /// What is no text is called by its name.
    @Test(arguments: [
        ([0xD0, 0xCF, 0x11, 0xE0, 0, 0] as [UInt8], "(.xls, .doc)"), (Array("PAR1\0\0\0\0PAR1".utf8), "a Parquet file"),
        (Array("SQLite format 3\0".utf8), "an SQLite database"), ([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0], "UTF-32"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1], "compressed by xz"), ([0x80, 0x04, 0x95, 0], "a Python pickle"),
        ([0xFF, 0xFE, 0x41, 0, 0, 0], "characters of zero"),
        ([0x61, 0x0A, 0x62, 0, 0x63], "line 2, byte 3: it is a byte of zero"),
    ])
    func filesThatAreNoText(_ bytes: [UInt8], _ name: String) throws {
        try written(bytes) { (path) throws in
            #expect(message { _ = try DataTable(path: path) }.contains(name))
            #expect(message { _ = try TextLines(path: path) }.contains(name))
        }
    }

    @Test func headersOfPairsAndClasses() throws {
        try written(Array("English\tFrench\nGo.\tVa !\nRun!\tCours !\n".utf8), as: "x.tsv") { (path) throws in
            #expect(try SentencePairs(path: path).pairs.map(\.source) == ["go .", "run !"])
        }
        try written(Array("1\tGo.\t2\tVa !\n3\tRun!\t4\tCours !\n".utf8), as: "x.tsv") { (path) throws in
            #expect(message { _ = try SentencePairs(path: path) }.contains("column 1 holds whole numbers alone"))
            #expect(try SentencePairs(path: path, sourceColumn: 2, targetColumn: 4).count == 2)
        }
        try written(Array("review\tsentiment\ngood\tpos\nbad\tneg\u{A0}\nworse\tneg\n".utf8), as: "x.tsv") {
            (path) throws in
            let texts = try LabelledTexts(path: path)
            #expect(texts.labelNames == ["neg", "pos"] && texts.texts == ["good", "bad", "worse"])
        }
        try written(Array("sentence,sentiment,source\ngood,1,a\nbad,0,b\n".utf8)) { (path) throws in
            #expect(try LabelledTexts(path: path).labelNames == ["0", "1"])
        }
    }
}
