import Foundation
import TestSupport
import Testing

@testable import RecurrentData

@Suite struct BabiFileTests {
    private func read(_ text: String) throws -> BabiFile {
        try withTemporaryDirectory { directory in
            try Data(text.utf8).write(to: URL(filePath: directory + "/qa.txt"))
            return try BabiFile(path: directory + "/qa.txt")
        }
    }

    /// What is wrong with a file, after its path.
    private func refusal(_ text: String) -> String {
        message { _ = try read(text) }.replacing(/^.*\/qa\.txt/, with: "")
    }

    private static let stories = """
        1 Mary got the milk there.
        2 John moved to the bedroom.
        3 Where is the milk? \thallway\t1 2
        4 What does Mary carry?\tmilk,apple
        1 Nobody is here.
        2 Is Mary here? \tno\t1

        """

    @Test(arguments: [stories, stories.replacing("\n", with: "\r\n"), "\u{FEFF}" + stories, stories + "\n\n"])
    func readsStoriesAndQuestions(_ text: String) throws {
        let file = try read(text)
        #expect(
            file.stories == [
                BabiStory([
                    .statement("Mary got the milk there."), .statement("John moved to the bedroom."),
                    .question(BabiQuestion("Where is the milk?", answer: "hallway", supportingLines: [1, 2])),
                    .question(BabiQuestion("What does Mary carry?", answer: "milk,apple", supportingLines: [])),
                ]),
                BabiStory([
                    .statement("Nobody is here."),
                    .question(BabiQuestion("Is Mary here?", answer: "no", supportingLines: [1])),
                ]),
            ])
        #expect(file.questionCount == 3)
        #expect(try read(file.stories.map(\.text).joined()).stories == file.stories)
    }

    @Test func readsGzip() throws {
        try withTemporaryDirectory { directory in
            try Data(base64Encoded: Self.gzipped)?.write(to: URL(filePath: directory + "/qa.txt.gz"))
            let file = try BabiFile(path: directory + "/qa.txt.gz")
            #expect(file.stories.map(\.text) == ["1 A b.\n2 C? \td\t1\n"])
        }
    }

    @Test func wrongLinesAreNamed() {
        #expect(refusal("1 Mary is here.\n2 John is not.\n").contains(": there are 1 stories and no questions"))
        #expect(refusal("").contains("no questions"))
        #expect(refusal("1 A.\n2 Where is A?\n").contains(", line 2: the question \"Where is A?\" has no tab"))
        #expect(refusal("1 A.\n2 Where is A?\t \t1\n").contains(", line 2: the answer to \"Where is A?\" is empty"))
        #expect(refusal("1 A.\n3 B.\n").contains(", line 2: the number is 3; expected 2, or 1 for a new story"))
        #expect(refusal("2 A.\n").contains(", line 1: the number is 2; expected 1, as a story begins"))
        #expect(refusal("0 A.\n").contains(", line 1: the number is 0; expected 1"))
        #expect(refusal("1 A.\nB.\n").contains(", line 2: \"B.\" begins the line; expected a number"))
        #expect(refusal("99999999999999999999 A.\n").contains("expected a number"))
        #expect(refusal("1 A.\n2  \n").contains(", line 2: there is no sentence after the number"))
        #expect(refusal("1 A.\n2 \tno\t1\n").contains(", line 2: there is no sentence after the number"))
        #expect(refusal("1 A.\n\n2 B?\tc\n").contains(", line 3: there is an empty line before it"))
        #expect(refusal("1 A.\n2 B?\tc\t2\n").contains(", line 2: \"2\" is not the number of a line before 2"))
        #expect(refusal("1 A.\n2 B?\tc\tone\n").contains(", line 2: \"one\" is not the number of a line before 2"))
        #expect(refusal("1 A.\n2 B?\tc\t1\tx\n").contains(", line 2: there are 3 tabs"))
        let long = "1 " + String(repeating: "x", count: 100_000) + "\n"
        #expect(refusal(long).contains(", line 1: the line has 100002 bytes; expected at most 10000"))
    }

    @Test func bytesThatAreNoTextAreNamed() throws {
        let refusal = message { _ = try BabiFile(TextLines(Array("1 A.\n2 ".utf8) + [0xFF, 0x0A], name: "qa")) }
        #expect(refusal.contains("qa, line 2: the line is not valid UTF-8"))
    }

    @Test func damageNeverTraps() throws {
        let bytes = Array(Self.stories.utf8)
        for place in bytes.indices {
            _ = try? BabiFile(TextLines(Array(bytes[..<place]), name: "a prefix"))
            for byte: UInt8 in [0, 9, 10, 32, 57, 63, 255] {
                var damaged = bytes
                damaged[place] = byte
                _ = try? BabiFile(TextLines(damaged, name: "damaged"))
            }
        }
    }

    private static let gzipped = "H4sIAAAAAAACAzNUcFRI0uMyUnC2V+BM4TTkAgAdH48jEQAAAA=="
}
