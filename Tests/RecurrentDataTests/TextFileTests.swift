import Foundation
import TestSupport
import Testing

@testable import RecurrentData

@Suite struct TextFileTests {
    /// Writes bytes to a file, reads it in `body` and removes it.
    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "/recurrent-text-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        try body(path)
    }

    private func message(_ path: String) -> String {
        do {
            _ = try TextFile(path: path).text()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func readsTextAndBytes() throws {
        try withFile(Array("\u{FEFF}é\r\nb".utf8)) { path in
            let file = try TextFile(path: path)
            #expect(Array(try file.text().unicodeScalars) == ["é", "\r", "\n", "b"])
            #expect(file.bytes.count == 8)
            #expect(try TextVocabulary.bytes.encode(file).first == 0xEF)
        }
    }

    @Test func gzippedTextAndUTF16() throws {
        let gzipped = try #require(Data(base64Encoded: "H4sIAAAAAAACAzNUcFRI0uMyUnC2V+BM4TTkAgAdH48jEQAAAA=="))
        try withFile([UInt8](gzipped)) { path in
            let file = try TextFile(path: path)
            #expect(file.bytes.count == 17)
            #expect(try file.text() == String(decoding: file.bytes, as: UTF8.self))
        }
        let text = "wood and sea\nand é"
        let little: [UInt8] = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: [UInt8] = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
            try withFile(bytes) { path in
                let found = try TextFile(path: path).text()
                #expect(found == text)
            }
        }
    }

    @Test func everyFailureHasItsMessage() throws {
        #expect(message("/nonexistent/x.txt").contains("/nonexistent/x.txt: there is no such file"))
        #expect(message(NSTemporaryDirectory()).contains("it is a directory"))
        #expect(message("/dev/zero").contains("a device"))
        #expect(message("").contains("is not a path"))
        try withFile([]) { path in #expect(message(path) == "\(path): the file is empty; expected text") }
        try withFile([0xEF, 0xBB, 0xBF]) { path in #expect(message(path).contains("the file is empty")) }
        try withFile(Array("a".utf8)) { path in
            #expect(message(path + "/b").contains("not a directory"))
            chmod(path, 0)
            // The superuser may read everything.
            if getuid() != 0 { #expect(message(path).contains("permission denied")) }
        }
    }

    @Test func invalidTextIsNamedWithItsPlace() throws {
        try withFile(Array("ab\ncd".utf8) + [0xFF, 0x0A]) { path in
            #expect(message(path).hasPrefix("\(path), line 2, byte 5: 0xFF is not valid UTF-8"))
        }
    }

    static let invalid: [([UInt8], Int)] = [
        ([0x80], 0), ([0x61, 0xC3], 1), ([0xC0, 0xAF], 0), ([0xE0, 0x80, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
        ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xC3, 0xA9, 0xE2, 0x82], 2),
        ([0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xE2, 0x28, 0xA1], 7),
    ]

    @Test(arguments: invalid)
    func offsetOfTheFirstInvalidByte(bytes: [UInt8], offset: Int) {
        #expect(TextFile.firstInvalidOffset(bytes) == offset)
        #expect(String(validating: bytes, as: UTF8.self) == nil)
    }

    @Test func validTextHasNoInvalidOffset() {
        let bytes = Array("aé€😀\u{7FF}\u{800}\u{FFFF}\u{10FFFF}".utf8)
        #expect(TextFile.firstInvalidOffset(bytes) == bytes.count)
    }
}
