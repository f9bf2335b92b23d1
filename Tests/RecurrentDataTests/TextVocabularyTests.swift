import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct TextVocabularyTests {
    @Test func charactersAreSortedScalars() throws {
        let vocabulary = try CharacterVocabulary(of: "cab\nb\u{301}é\r\n")
        #expect(vocabulary.characters == ["\n", "\r", "a", "b", "c", "é", "\u{301}"])
        let tokens = try vocabulary.encode("a\r\nb\u{301}")
        #expect(tokens == [2, 1, 0, 3, 6])
        #expect(Array(try vocabulary.decode(tokens).unicodeScalars) == ["a", "\r", "\n", "b", "\u{301}"])
    }

    @Test func composedAndDecomposedLettersDiffer() throws {
        let vocabulary = try CharacterVocabulary(of: "e\u{301}\u{e9}")
        #expect(vocabulary.size == 3)
        #expect(try vocabulary.encode("\u{e9}") != vocabulary.encode("e\u{301}"))
    }

    @Test func characterOutsideIsNamedWithItsPlace() throws {
        let vocabulary = try CharacterVocabulary(of: "ab\n")
        let error = #expect(throws: RecurrentError.self) { try vocabulary.encode("ab\nabéa", name: "the prompt") }
        #expect(error?.description.hasPrefix("the prompt, line 2, column 3: the character \"é\" (U+00E9)") == true)
        #expect(throws: RecurrentError.self) { try vocabulary.decode([0, 3]) }
        #expect(throws: RecurrentError.self) { try vocabulary.decode([-1]) }
    }

    @Test(arguments: ["", "a", "aaaa"])
    func fewerThanTwoCharactersAreRefused(text: String) {
        let error = #expect(throws: RecurrentError.self) { try CharacterVocabulary(of: text, name: "x.txt") }
        #expect(error?.description.hasPrefix("x.txt has ") == true)
    }

    @Test func bytesThatCannotBePrintedBecomeUnderscores() throws {
        let bytes = ByteVocabulary()
        #expect(bytes.encode("é_".utf8) == [0xC3, 0xA9, 95])
        #expect(try bytes.decode([0, 9, 10, 13, 31, 32, 65, 126, 127, 255]) == "_\t\n__ A~__")
        #expect(throws: RecurrentError.self) { try bytes.decode([256]) }
        #expect(throws: RecurrentError.self) { try bytes.decode([-1]) }
    }

    @Test func jsonIsReadableAndRoundTrips() throws {
        let characters = TextVocabulary.characters(try CharacterVocabulary(of: "b\"a\u{301}\u{0}😀"))
        let words = TextVocabulary.words(try WordVocabulary(of: ["a\nB"], isLowercased: false, keepsNewlines: true))
        for vocabulary in [characters, .bytes, .ascii, words] {
            let data = try JSONEncoder().encode(vocabulary)
            #expect(try JSONDecoder().decode(TextVocabulary.self, from: data) == vocabulary)
        }
        let small = TextVocabulary.characters(try CharacterVocabulary(of: "ba"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(small), as: UTF8.self)
                == #"{"characters":["a","b"],"level":"character"}"#)
    }

    @Test(arguments: [
        #"{"level":"word"}"#, #"{"level":"words"}"#, #"{"level":"byte","ascii":1}"#,
        #"{"level":"word","lowercased":false,"newlines":1,"words":["a"]}"#, #"{"level":"character"}"#,
        #"{"level":"character","characters":["a"]}"#,
        #"{"level":"character","characters":["b","a"]}"#, #"{"level":"character","characters":["a","a"]}"#,
        #"{"level":"character","characters":["a","bc"]}"#, #"{"level":"character","characters":["a",""]}"#,
        #"{"level":"character","characters":["a",1]}"#, #"[]"#,
    ])
    func damagedVocabulariesAreRefused(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(TextVocabulary.self, from: Data(json.utf8)) }
    }

    @Test func startTokens() throws {
        #expect(TextVocabulary.bytes.startToken == 95)
        #expect(TextVocabulary.characters(try CharacterVocabulary(of: "\t\nab")).startToken == 1)
        #expect(TextVocabulary.characters(try CharacterVocabulary(of: "ab")).startToken == 0)
        func words(_ text: String) throws -> TextVocabulary {
            .words(try WordVocabulary(of: [text], keepsNewlines: true))
        }
        #expect(try words("b a\nb").startToken == 2)
        #expect(try words("b a b").startToken == 1)
    }

    @Test func theBeginningsOfTextsMayHoldAnything() {
        let bytes = TextVocabulary.bytes.encodeBeginning(of: "\u{E9}a", limit: 2)
        #expect(bytes.tokens == [195, 169] && bytes.isCut && TextVocabulary.bytes.unknownToken == -1)
        let ascii = TextVocabulary.ascii.encodeBeginning(of: "\u{E9}a", limit: 3)
        #expect(ascii.tokens == [-1, -1, 97] && !ascii.isCut)
    }

    @Test func asciiIsStrictWhereTextsAreLearned() throws {
        #expect(try TextVocabulary.ascii.encode("a~") == [97, 126])
        let refusal = message { _ = try TextVocabulary.ascii.encode("a\u{E9}", name: "x.txt") }
        #expect(refusal == "x.txt, byte 1: 195 is not in the vocabulary of ASCII's 128 bytes")
        #expect(try TextVocabulary.ascii.decode([97, 7]) == "a_")
    }
}
