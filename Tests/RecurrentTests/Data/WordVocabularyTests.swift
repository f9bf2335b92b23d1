import Foundation
import Testing

@testable import Recurrent

@Suite struct WordVocabularyTests {
    @Test func wordsAndPunctuation() {
        let words = WordVocabulary.words(
            in: "Don't  STOP, 'now'...\u{85}e\u{301}t\u{e9} 3.5 a_b 'tis o'", isLowercased: true)
        #expect(
            words == [
                "don't", "stop", ",", "'", "now", "'", ".", ".", ".", "e\u{301}t\u{e9}", "3", ".", "5", "a_b", "'",
                "tis",
                "o", "'",
            ])
        #expect(WordVocabulary.words(in: "A b", isLowercased: false) == ["A", "b"])
        #expect(WordVocabulary.words(in: " \n\t", isLowercased: true).isEmpty)
    }

    @Test func theMostFrequentWordsAreKept() throws {
        let vocabulary = try WordVocabulary(of: ["b a c b", "C b a <unk>"], limit: 4)
        #expect(vocabulary.words == ["b", "a", "c"] && vocabulary.size == 4)
        #expect(vocabulary.encode("A <unk> c!") == [2, 0, 0, 0, 3, 0])
        #expect(try vocabulary.decode([1, 0, 3]) == "b <unk> c")
        #expect(throws: RecurrentError.self) { try vocabulary.decode([4]) }
        #expect(throws: RecurrentError.self) { try vocabulary.decode([-1]) }
        #expect(try WordVocabulary(of: ["A a"], isLowercased: false).words == ["A", "a"])
        #expect(throws: RecurrentError.self) { try WordVocabulary(of: ["a"], limit: 1) }
        #expect(message { _ = try WordVocabulary(of: [" ", ""], name: "x") }.hasPrefix("x: there are no words"))
    }

    @Test func vocabulariesAreSaved() throws {
        let vocabulary = try WordVocabulary(of: ["Don't\u{0} \u{130} stop. 😀"])
        let data = try JSONEncoder().encode(vocabulary)
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: data) == vocabulary)
    }

    @Test(arguments: [
        #"{"lowercased":true,"words":[]}"#, #"{"lowercased":true,"words":["a","a"]}"#,
        #"{"lowercased":true,"words":["A"]}"#, #"{"lowercased":false,"words":["a b"]}"#,
        #"{"lowercased":false,"words":[""]}"#, #"{"lowercased":false,"words":["<unk>"]}"#,
    ])
    func damagedVocabulariesAreRefused(json: String) {
        #expect(throws: RecurrentError.self) { try JSONDecoder().decode(WordVocabulary.self, from: Data(json.utf8)) }
    }
}
