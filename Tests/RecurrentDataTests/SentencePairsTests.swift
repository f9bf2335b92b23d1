import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct SentencePairsTests {
    private func read(_ text: String, source: Int = 1, target: Int = 2, limit: Int = .max) throws -> SentencePairs {
        try SentencePairs(
            TextLines(Array(text.utf8), name: "x.tsv"), sourceColumn: source, targetColumn: target, limit: limit)
    }

    private func refusal(_ text: String, source: Int = 1, target: Int = 2, limit: Int = .max) -> String {
        message { _ = try read(text, source: source, target: target, limit: limit) }
    }

    @Test func sentencesInNormalForm() throws {
        let pairs = try read(
            "\u{FEFF}I'm cold.\tJ\u{2019}ai froid\u{202F}!\tCC-BY\r\nOh E\u{301}t\u{C9}\t\u{AB} a \u{BB}")
        #expect(
            pairs.pairs == [
                SentencePairs.Pair(source: "i'm cold .", target: "j'ai froid !"),
                SentencePairs.Pair(source: "oh \u{E9}t\u{E9}", target: "\u{AB} a \u{BB}"),
            ])
        // Swift takes composed and decomposed characters for the same.
        #expect(Array(pairs.pairs[1].source.unicodeScalars).count == 6)
        #expect(SentencePairs.normalized(" Don\u{2019}t, 'now'") == "don't , ' now '")
        for sentence in ["don't , ' now '", "3 . 5 ..", "a_b !"] {
            let normal = SentencePairs.normalized(sentence)
            #expect(SentencePairs.normalized(normal) == normal)
        }
    }

    @Test func columnsAreChosen() throws {
        #expect(
            try read("1\tun\tone\n2\tdeux\ttwo\n", source: 3, target: 2).pairs.map(\.source) == ["one", "two"])
        #expect(refusal("a\tb", source: 1, target: 3).hasPrefix("x.tsv, line 1: the number of cells is 2; expected a"))
        for (source, target) in [(0, 1), (1, 1), (2, -1)] {
            #expect(refusal("a\tb", source: source, target: target).contains("expected two columns from 1"))
        }
    }

    @Test func emptyAndLongSentencesAreLeftOut() throws {
        let long = String(repeating: "a ", count: 50_000)
        let pairs = try read("a\tb\n\t c\nd\t\u{A0}\n\n\(long)\te\nf g h\ti\n", limit: 2)
        #expect(pairs.pairs == [SentencePairs.Pair(source: "a", target: "b")])
        #expect(pairs.emptyCount == 3 && pairs.longCount == 2)
        let oneWord = String(repeating: "a", count: 100_000)
        #expect(try read("\(oneWord)\tb").pairs[0].source == oneWord)
        #expect(refusal("a b\tc", limit: 1).contains("no pairs of sentences; 0 empty ones and 1 of more than 1 words"))
    }

    @Test func everyFailureNamesItsPlace() throws {
        #expect(refusal("a\tb\n\nc\n").hasPrefix("x.tsv, line 3: the number of cells is 1; expected a sentence in col"))
        #expect(refusal("").hasPrefix("x.tsv: there are no pairs of sentences"))
        try withTemporaryDirectory { directory in
            let path = directory + "/x.tsv"
            try Data([0x61, 0x09, 0x62, 0x0A, 0x61, 0x09, 0xE9, 0x0A]).write(to: URL(filePath: path))
            #expect(
                message { _ = try SentencePairs(path: path) }
                    == "\(path), line 2: the line is not valid UTF-8; " + TextEncoding.advice)
        }
        #expect(message { _ = try SentencePairs(path: "/nonexistent") }.contains("there is no such file"))
        try readDamaged(Array("\u{FEFF}a \u{E9}\t1\tx\r\n\nb\t0\n".utf8), name: "x") { bytes in
            _ = try SentencePairs(TextLines(bytes, name: "x"), sourceColumn: 1, targetColumn: 2, limit: 9)
        }
    }

    @Test func sentencesOfOneMeaningStandTogether() throws {
        let sentences = try read("Go.\tVa.\nRun!\tCours !\nGo .\tAllez.\ngo.\tva .\n").sentences
        #expect(
            sentences == [
                SentencePairs.Sentence(source: "go .", translations: ["va .", "allez ."]),
                SentencePairs.Sentence(source: "run !", translations: ["cours !"]),
            ])
    }

    @Test func noSentenceIsInTwoParts() throws {
        let pairs = (0..<300).map { SentencePairs.Pair(source: "s\($0 * 7 % 100)", target: "t\($0)") }
        let whole = SentencePairs(pairs)
        let parts = try whole.divided(by: Division(validationFraction: 0.05, testFraction: 0.1, seed: 4))
        let sources = [parts.training, parts.validation, parts.test].map { Set($0.pairs.map(\.source)) }
        #expect(sources.map(\.count) == [85, 5, 10])
        #expect(sources[0].union(sources[1]).union(sources[2]).count == 100)
        #expect([parts.training, parts.validation, parts.test].map(\.count) == [255, 15, 30])
        #expect(parts.training.pairs == pairs.filter { sources[0].contains($0.source) })
        #expect(try whole.divided(by: Division(validationFraction: 0.05, testFraction: 0.1, seed: 4)) == parts)
        #expect(
            try whole.divided(by: Division(validationFraction: 0.05, testFraction: 0.1, seed: 5)).test != parts.test)
        let one = try SentencePairs([pairs[0]]).divided(
            by: Division(validationFraction: 0.4, testFraction: 0.5, seed: 1))
        #expect(one.training.count == 1 && one.test.count == 0)
        let none = try SentencePairs([]).divided(by: Division(validationFraction: 0.4, testFraction: 0.5, seed: 1))
        #expect([none.training, none.validation, none.test].allSatisfy { $0.count == 0 })
        for (validation, test) in [(-0.1, 0), (0, 1), (0.5, 0.5), (.nan, 0)] as [(Double, Double)] {
            #expect(throws: RecurrentError.self) {
                try whole.divided(by: Division(validationFraction: validation, testFraction: test, seed: 1))
            }
        }
    }

    @Test func wordsAfterTheSpecialTokens() throws {
        let vocabulary = try SentenceVocabulary(of: ["b a c b", "c b a"], limit: 6)
        #expect(vocabulary.size == 6 && vocabulary.words.words == ["b", "a"])
        #expect(vocabulary.encode("A <unk> b <s>") == [5, 3, 4, 3])
        #expect(try vocabulary.decode([1, 4, 3, 0, 5, 2, 4]) == "b <unk> a")
        #expect(throws: RecurrentError.self) { try vocabulary.decode([6]) }
        #expect(throws: RecurrentError.self) { try vocabulary.decode([-1]) }
        #expect(try SentenceVocabulary(of: ["b a c b", "c b a"], minimumCount: 3).words.words == ["b"])
        #expect(message { _ = try SentenceVocabulary(of: ["a"], limit: 4) }.contains("expected 5 or more"))
        #expect(message { _ = try SentenceVocabulary(of: ["a b"], minimumCount: 2, name: "x") }.hasPrefix("x: no word"))
        let data = try JSONEncoder().encode(vocabulary)
        #expect(try JSONDecoder().decode(SentenceVocabulary.self, from: data) == vocabulary)
    }
}
