import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct HandwrittenLinesTests {
    private let line = """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <WhiteboardCaptureSession>
          <WhiteboardDescription><SensorLocation corner="top_left"/></WhiteboardDescription>
          <StrokeSet>
            <Stroke colour="black" start_time="1.5" end_time="2.5">
              <Point x="1073" y="1058" time="1.50"/>
              <Point x="1076" y="1054" time="1.51"/>
            </Stroke>
            <Stroke colour="black"><Point x="1080" y="1060" time="2"/></Stroke>
            <Stroke/>
          </StrokeSet>
        </WhiteboardCaptureSession>

        """
    private let expected = [
        PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 3, dy: -4, endsStroke: true),
        PenStep(dx: 4, dy: 6, endsStroke: true),
    ]

    private func refusal(_ text: String) -> String { refusal(Array(text.utf8)) }

    private func refusal(_ bytes: [UInt8]) -> String {
        message { _ = try HandwrittenLine(bytes, name: "a.xml") }
    }

    @Test func pointsOfALine() throws {
        let read = try HandwrittenLine(Array(line.utf8), name: "a.xml").drawing(text: "a")
        #expect(read == PenDrawing(steps: expected, text: "a"))
    }

    @Test func encodings() throws {
        let named = line.replacingOccurrences(of: "black", with: "schwärzlich")
        let latin = named.unicodeScalars.map { UInt8($0.value) }
        #expect(try HandwrittenLine(latin, name: "a.xml").drawing(text: nil).steps == expected)
        let unnamed = named.replacingOccurrences(of: " encoding=\"ISO-8859-1\"", with: "")
        #expect(try HandwrittenLine(Array(unnamed.utf8), name: "a.xml").drawing(text: nil).steps == expected)
        #expect(refusal(unnamed.unicodeScalars.map { UInt8($0.value) }).hasPrefix("a.xml, line 5: neither UTF-8"))
    }

    /// The parser is never told of an encoding, with a byte order mark neither.
    @Test(arguments: ["UTF-8", "ISO-8859-1", "UTF-16", "UTF-7", "EBCDIC-CP-US"])
    func byteOrderMarks(_ encoding: String) throws {
        let named = line.replacingOccurrences(of: "ISO-8859-1", with: encoding)
            .replacingOccurrences(of: "black", with: "schwärzlich")
        let begin = try #require(named.firstIndex(of: ">"))
        for marks in 1...2 {
            let marked = Array((String(repeating: "\u{FEFF}", count: marks) + named).utf8)
            let document = try HandwrittenLine.document(marked, name: "a.xml")
            #expect(document == Array(named[begin...].dropFirst().utf8))
            #expect(try HandwrittenLine(marked, name: "a.xml").drawing(text: nil).steps == expected)
        }
    }

    @Test func pointsThatAreNone() {
        for point in ["x=\"nan\" y=\"1\"", "x=\"1\"", "x=\"\" y=\"1\"", "x=\"1e99\" y=\"1\"", "x=\"1\" y=\"inf\""] {
            let text = line.replacingOccurrences(of: "x=\"1076\" y=\"1054\"", with: point)
            #expect(refusal(text).hasPrefix("a.xml, line 7: the point x="), "\(point)")
        }
        #expect(
            refusal("<StrokeSet>\n<Point x=\"1\" y=\"1\"/></StrokeSet>").hasPrefix("a.xml, line 2: a point outside"))
        #expect(
            refusal("<StrokeSet><Stroke/></StrokeSet>")
                == "a.xml: there is no point; expected StrokeSet, Stroke and Point elements")
    }

    @Test func documentTypesAndEntitiesAreRefused() {
        let lol = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<x>&b;</x>"
        #expect(refusal(lol) == "a.xml, line 2: a document type; expected strokes without one")
        let outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>"
        #expect(refusal(outside).contains("line 1: a document type"))
        // In other encodings a document type would not be seen.
        #expect(refusal(Array(lol.utf8).flatMap { [$0, 0] }).hasPrefix("a.xml"))
        let hidden =
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a \"1\"+AD4]+AD4\n<x>&a;</x>"
        #expect(refusal(hidden).hasPrefix("a.xml"))
        #expect(refusal("\u{FEFF}" + hidden).hasPrefix("a.xml"))
        #expect(refusal("\u{FEFF}" + lol) == "a.xml, line 2: a document type; expected strokes without one")
        #expect(refusal(line.replacingOccurrences(of: "x=\"1076\"", with: "x=\"&a;\"")).hasPrefix("a.xml, line 7"))
    }

    @Test(arguments: [
        "", " ", "<", "x", "<a>", "<a></b>", "\u{FEFF}", String(repeating: "<a>", count: 100_000),
        "<a b=\"" + String(repeating: "x", count: 100_000) + "\"", "<Stroke><Point x=\"1\" y=\"2\"/>",
    ])
    func filesThatAreNone(_ text: String) {
        #expect(refusal(text).hasPrefix("a.xml"))
    }

    @Test func damagedFiles() throws {
        let short = "<S>\n<Stroke><Point x=\"1\" y=\"2\"/><Point x=\"3\" y=\"5\"/></Stroke>\n</S>"
        try readDamaged(Array(short.utf8), name: "a.xml") { _ = try HandwrittenLine($0, name: "a.xml") }
    }

    @Test func aDirectoryWithTranscripts() throws {
        try withTemporaryDirectory { directory in
            func write(_ path: String, _ text: String) throws {
                let url = URL(fileURLWithPath: "\(directory)/\(path)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            func texts() throws -> [String?] { try PenDrawings(path: directory).training.map(\.text) }
            try write("lineStrokes/a01/a01-000/a01-000u-02.xml", line)
            try write("lineStrokes/a01/a01-000/a01-000u-01.xml", line)
            try write("lineStrokes/a01/a01-001/a01-001z-03.xml", line)
            try write("lineStrokes/a01/a01-001/notes.md", "")
            let drawings = try PenDrawings(path: directory)
            #expect(drawings.training == Array(repeating: PenDrawing(steps: expected), count: 3))
            try write(
                "ascii/a01/a01-000/a01-000u.txt", "OCR:\n\nwrong\n\nCSR:\n\nA MOVE to stop\r\n\n Mr. Gaitskell \n")
            #expect(try texts() == ["A MOVE to stop", "Mr. Gaitskell", nil])
            // A form whose transcript is too short.
            try write("ascii/a01/a01-001/a01-001z.txt", "CSR:\none\ntwo\n")
            #expect(try texts() == ["A MOVE to stop", "Mr. Gaitskell", nil])
            try write("ascii/a01/a01-001/a01-001z.txt", "OCR:\none\n")
            #expect(message { _ = try texts() }.contains("a01-001z.txt: there is no line CSR:"))
            try write("lineStrokes/a01/a01-001/a01-001z-03.xml", "<x>\n</y>")
            #expect(message { _ = try texts() }.contains("a01-001z-03.xml, line 2: the XML is not well formed"))
        }
        try withTemporaryDirectory { directory in
            try Data(line.utf8).write(to: URL(fileURLWithPath: directory + "/a.xml"))
            #expect(try PenDrawings(path: directory).training == [PenDrawing(steps: expected)])
        }
    }
}
