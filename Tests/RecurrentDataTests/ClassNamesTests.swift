import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct ClassNamesTests {
    @Test func namesAreSpelledToTheirEnd() throws {
        let names = try ClassNames(["be", "eve"])
        #expect(names.tokenCount == 4 && names.endToken == 3 && names.longest == 4)
        #expect(names.spelling(of: 0) == [0, 1, 3] && names.spelling(of: 1) == [1, 2, 1, 3])
        #expect(
            names.text(of: [1, 2, 1, 3, 0]) == "eve" && names.text(of: [0, 1]) == "be" && names.text(of: [3]) == "")
        let digits = try ClassNames(ClassNames.digits)
        #expect((0..<10).map { digits.text(of: digits.spelling(of: $0)) } == ClassNames.digits)
    }

    @Test func filesHaveANameALine() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/names.txt"
            try Data("T-shirt\r\nankle boot\ncafé\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try ClassNames(path: path).names == ["T-shirt", "ankle boot", "café"])
            try Data("one\n\ntwo\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(message { _ = try ClassNames(path: path) }.contains("a name on every line"))
            try Data("one\ntwo\none\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(message { _ = try ClassNames(path: path) }.hasPrefix("\(path): \"one\" stands twice"))
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(message { _ = try ClassNames(path: path) }.hasPrefix("\(path) has no characters"))
            #expect(message { _ = try ClassNames(path: directory + "/none") }.contains("no such file"))
        }
        #expect(message { _ = try ClassNames(["a", ""]) } == "the names: the name of class 1 is empty")
    }

    @Test func aRunStoresTheNamesAlone() throws {
        let names = try ClassNames(["be", "eve"])
        let json = try JSONEncoder().encode(names)
        #expect(String(decoding: json, as: UTF8.self) == #"["be","eve"]"#)
        #expect(try JSONDecoder().decode(ClassNames.self, from: json) == names)
        #expect(throws: RecurrentError.self) {
            try JSONDecoder().decode(ClassNames.self, from: Data(#"["be","be"]"#.utf8))
        }
    }
}
