import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct TextVocabularyTests {
    @Test func charactersAreSortedScalars() throws {
        let vocabulary = try CharacterVocabulary(of: "cab\nb\u{301}é\r\n")
        #expect(vocabulary.characters == ["\n", "a", "b", "c", "é", "\u{301}"])
        let tokens = try vocabulary.encode("a\r\nb\u{301}\r")
        #expect(tokens == [1, 0, 2, 5, 0])
        #expect(Array(try vocabulary.decode(tokens).unicodeScalars) == ["a", "\n", "b", "\u{301}", "\n"])
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
        let words = TextVocabulary.words(
            try WordVocabulary(of: ["a\nB"], splitting: WordSplitting(keepsNewlines: true)))
        for vocabulary in [characters, .bytes, .ascii, words] {
            let data = try JSONEncoder().encode(vocabulary)
            #expect(try JSONDecoder().decode(TextVocabulary.self, from: data) == vocabulary)
        }
        let small = TextVocabulary.characters(try CharacterVocabulary(of: "ba"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(small), as: UTF8.self)
                == #"{"characters":["a","b"],"counts":[1,1],"level":"character","normal":true}"#)
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
            .words(try WordVocabulary(of: [text], splitting: WordSplitting(isLowercased: true, keepsNewlines: true)))
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

    /// However an accent was typed, it makes one character with its letter; version 0.1 kept two.
    @Test func charactersAreComposed() throws {
        let (composed, apart) = ("caf\u{E9} \u{AC00}", "cafe\u{301} \u{1100}\u{1161}")
        let vocabulary = TextVocabulary.characters(try CharacterVocabulary(of: apart))
        #expect(vocabulary == .characters(try CharacterVocabulary(of: composed)) && vocabulary.size == 6)
        #expect(try vocabulary.encode(apart) == vocabulary.encode(composed))
        #expect(
            vocabulary.encodeBeginning(of: apart, limit: 4).tokens
                == vocabulary.encodeBeginning(of: composed, limit: 4).tokens)
        #expect(try vocabulary.decode(vocabulary.encode(apart)).unicodeScalars.elementsEqual(composed.unicodeScalars))
        #expect(try JSONDecoder().decode(TextVocabulary.self, from: JSONEncoder().encode(vocabulary)) == vocabulary)
        let json = #"{"level":"character","characters":["a","e","\u0301"]}"#
        let older = try JSONDecoder().decode(TextVocabulary.self, from: Data(json.utf8))
        #expect(try older.encode("ae\u{301}") == [0, 1, 2])
        #expect(try JSONDecoder().decode(TextVocabulary.self, from: JSONEncoder().encode(older)) == older)
    }

    @Test func bytesOfTokens() throws {
        let text = "h\u{E9}llo, w\u{F6}rld"
        #expect(TextVocabulary.characters(try CharacterVocabulary(of: text)).byteCount(of: text, tokens: 1..<3) == 3)
        #expect(TextVocabulary.bytes.byteCount(of: text, tokens: 1..<4) == 3)
        let words = TextVocabulary.words(try WordVocabulary(of: [text]))
        #expect(words.byteCount(of: text, tokens: 0..<2) == 8 && words.byteCount(of: text, tokens: 1..<3) == 8)
    }

    /// Texts do not run into each other, and what is not for training has no count.
    @Test func charactersOfSeveralTexts() throws {
        let vocabulary = try CharacterVocabulary(of: ["ae", "\u{301}b"], training: { count in count - 1 })
        #expect(vocabulary.characters == ["a", "b", "e", "\u{301}"] && vocabulary.counts == [1, 0, 0, 0])
        let older = try CharacterVocabulary(of: ["e\u{301}\r\n"], isNormal: false)
        #expect(older.characters == ["\n", "\r", "e", "\u{301}"])
    }
}
