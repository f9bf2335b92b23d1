import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct WordVocabularyTests {
    @Test func wordsAndPunctuation() {
        let words = WordSplitting(isLowercased: true).words(
            in: "Don't  STOP, 'now'...\u{85}e\u{301}t\u{e9} 3.5 a_b 'tis o'")
        #expect(
            words == [
                "don't", "stop", ",", "'", "now", "'", ".", ".", ".", "e\u{301}t\u{e9}", "3", ".", "5", "a_b", "'",
                "tis",
                "o", "'",
            ])
        #expect(WordSplitting().words(in: "A b") == ["A", "b"])
        #expect(WordSplitting(isLowercased: true).words(in: " \n\t").isEmpty)
    }

    @Test func theMostFrequentWordsAreKept() throws {
        let vocabulary = try WordVocabulary(of: ["b a c b", "C b a <unk>"], limit: 4)
        #expect(vocabulary.words == ["b", "a", "c"] && vocabulary.size == 4)
        #expect(vocabulary.encode("A <unk> c!") == [2, 0, 3, 0])
        #expect(vocabulary.unknownWords(in: "A d <unk> d <eos>") == ["d", "<eos>"])
        #expect(try [1, 0, 3].map { try vocabulary.word(of: $0) } == ["b", "<unk>", "c"])
        #expect(throws: RecurrentError.self) { try vocabulary.word(of: 4) }
        #expect(throws: RecurrentError.self) { try vocabulary.word(of: -1) }
        #expect(vocabulary.token(of: "a") == 2 && vocabulary.token(of: "d") == nil)
        #expect(try WordVocabulary(of: ["A a"], splitting: WordSplitting()).words == ["A", "a"])
        #expect(throws: RecurrentError.self) { try WordVocabulary(of: ["a"], limit: 1) }
        #expect(message { _ = try WordVocabulary(of: [" ", ""], name: "x") }.hasPrefix("x: there are no words"))
    }

    @Test func linesAreKeptWhereTheyCount() throws {
        let text = "To be,\r\nor not\n\n"
        let words = WordSplitting(keepsNewlines: true).words(in: text)
        #expect(words == ["To", "be", ",", "\n", "or", "not", "\n", "\n"])
        let vocabulary = try WordVocabulary(of: [text], splitting: WordSplitting(keepsNewlines: true))
        #expect(vocabulary.words == ["\n", ",", "To", "be", "not", "or"])
        let data = try JSONEncoder().encode(vocabulary)
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: data) == vocabulary)
        #expect(try WordVocabulary(of: [text]).words.contains("\n") == false)
    }

    @Test(arguments: [
        "To be, or not to be: that is the question!\nAy (there's the rub).\n\n\"So,\" he said, \"it is.\"",
        "'Tis well\nthe lords' men -50% of a well-known x/y [1]; \"'tis\" \u{201C}so\u{201D}\n\"a\nb \"c\" d",
    ])
    func wordsAreSetAsTheyStood(text: String) throws {
        let vocabulary = TextVocabulary.words(
            try WordVocabulary(of: [text], splitting: WordSplitting(keepsNewlines: true)))
        // A minus is taken for a hyphen.
        #expect(try vocabulary.decode(vocabulary.encode(text)) == text.replacing("men -50", with: "men-50"))
    }

    @Test func vocabulariesAreSaved() throws {
        let vocabulary = try WordVocabulary(of: ["Don't\u{0} \u{130} stop. 😀"])
        let data = try JSONEncoder().encode(vocabulary)
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: data) == vocabulary)
    }

    @Test(arguments: [
        #"{"lowercased":true,"words":[]}"#, #"{"lowercased":true,"words":["a","a"]}"#,
        #"{"lowercased":true,"words":["A"]}"#, #"{"lowercased":false,"words":["a b"]}"#,
        #"{"lowercased":false,"words":["\n"]}"#,
        #"{"lowercased":false,"words":["<eos>"]}"#, #"{"lowercased":false,"bracketed":true,"words":["<unk>"]}"#,
        #"{"lowercased":false,"separator":"whitespace","words":["a b"]}"#,
        #"{"lowercased":false,"words":[""]}"#, #"{"lowercased":false,"words":["<unk>"]}"#,
    ])
    func damagedVocabulariesAreRefused(json: String) {
        #expect(throws: RecurrentError.self) { try JSONDecoder().decode(WordVocabulary.self, from: Data(json.utf8)) }
    }

    @Test(arguments: [#"{"lowercased":false,"separator":"comma","words":["a"]}"#, #"{"words":["a"]}"#])
    func vocabulariesOfAnotherFormAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(WordVocabulary.self, from: Data(json.utf8)) }
    }

    /// Words that are looked up again and again are counted and found as a dictionary does, whatever their length and bytes.
    @Test func repeatedWordsAreCountedAndFound() throws {
        let different =
            (0..<3000).map { String($0 * 7919, radix: 36) + ($0 % 3 == 0 ? "\u{E9}longer" : "") } + [
                "a", "\u{0}a", "\u{0}", "\u{0}\u{0}",
            ]
        let words = different.enumerated().flatMap { Array(repeating: $1, count: 1 + $0 % 7) }
        let text = (words + words.reversed()).joined(separator: " ")
        let vocabulary = try WordVocabulary(of: [text], splitting: WordSplitting(separator: .whitespace), limit: 2500)
        let counts = Dictionary(grouping: words) { $0 }.mapValues { 2 * $0.count }
        let expected = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(2499).map(\.key)
        #expect(vocabulary.words == expected)
        var found: [Int32] = []
        vocabulary.forEachPiece(of: text) { found.append(contentsOf: $0) }
        #expect(found == vocabulary.encode(text) && found.contains(0))
        #expect(found.prefix(words.count).elementsEqual(words.map { vocabulary.token(of: $0) ?? 0 }))
    }

}
