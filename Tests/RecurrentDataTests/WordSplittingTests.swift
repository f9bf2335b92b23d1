import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct WordSplittingTests {
    /// What stands in angle brackets without blanks is one word; a comparison, or what has no letter, is not.
    @Test(arguments: [
        ("a <unk> b", ["a", "<unk>", "b"]), ("<s>so</s>", ["<s>", "so", "</s>"]),
        ("no<|endoftext|>.", ["no", "<|endoftext|>", "."]), ("<br/>", ["<br/>"]), ("<num_2>", ["<num_2>"]),
        ("a < b > c", ["a", "<", "b", ">", "c"]), ("<3>", ["<", "3", ">"]), ("<>", ["<", ">"]), ("<unk", ["<", "unk"]),
        ("<<unk>>", ["<", "<unk>", ">"]), ("<un k>", ["<", "un", "k", ">"]), ("<a\n>", ["<", "a", ">"]),
    ])
    func bracketedTokensAreWords(text: String, words: [String]) {
        #expect(WordSplitting().words(in: text) == words)
    }

    @Test(arguments: [
        ("the N-th unit 's <unk> , don't", ["the", "N-th", "unit", "'s", "<unk>", ",", "don't"]),
        (" = Valkyria Chronicles = \n", ["=", "Valkyria", "Chronicles", "=", "\n"]),
        ("1 @,@ 000\r\n\u{3000}x\u{A0}y\t<e os>", ["1", "@,@", "000", "\n", "x", "y", "<e", "os>"]),
        ("", []), (" ", []), ("\n\n", ["\n", "\n"]),
    ])
    func whiteSpaceAloneSeparates(text: String, words: [String]) {
        #expect(WordSplitting(separator: .whitespace, keepsNewlines: true).words(in: text) == words)
    }

    /// Text that was cut into words before is written as it stood.
    @Test func wordsSeparatedByWhiteSpaceAreSetSo() throws {
        let text = "the N-th ( unit ) 's <unk> , \" so \"\n\n= a =\n"
        let splitting = WordSplitting(separator: .whitespace, keepsNewlines: true)
        let vocabulary = TextVocabulary.words(try WordVocabulary(of: [text], splitting: splitting))
        #expect(try vocabulary.decode(vocabulary.encode(text)) == text)
    }

    /// Vocabularies that version 0.1 stored cut words as they did.
    @Test func olderVocabulariesCutAsTheyDid() throws {
        let json = #"{"lowercased":true,"newlines":true,"words":["unk","a","<"]}"#
        let older = try JSONDecoder().decode(WordVocabulary.self, from: Data(json.utf8))
        #expect(older.encode("A <unk>\n") == [2, 3, 1, 0, 0])
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: JSONEncoder().encode(older)) == older)
        let newer = try WordVocabulary(of: ["unk a < <unk>"])
        #expect(newer.encode("A <unk>\n") == [2, 0] && newer.words == ["<", "a", "unk"])
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: JSONEncoder().encode(newer)) == newer)
    }

    /// The text of some words goes to the beginning of the next.
    @Test func partsOfATextAreCutAtWords() {
        let splitting = WordSplitting(keepsNewlines: true)
        let text = " One, two\u{E9}\n three "
        #expect(splitting.words(in: text) == ["One", ",", "two\u{E9}", "\n", "three"])
        #expect(splitting.part(of: text, words: 0..<2) == "One, ")
        #expect(splitting.part(of: text, words: 2..<4) == "two\u{E9}\n ")
        #expect(splitting.part(of: text, words: 4..<9) == "three ")
        #expect(splitting.part(of: text, words: 5..<9) == "" && splitting.part(of: text, words: 2..<2) == "")
    }

    /// Lines end in LF, CRLF or CR; version 0.1 took a CR for white space.
    @Test func linesEndAsTheyMay() throws {
        let splitting = WordSplitting(keepsNewlines: true)
        for end in ["\n", "\r\n", "\r"] {
            #expect(splitting.words(in: "a\(end)b\(end)") == ["a", "\n", "b", "\n"])
        }
        #expect(WordSplitting().words(in: "a\rb") == ["a", "b"])
        let json = #"{"lowercased":false,"newlines":true,"words":["a","b"]}"#
        #expect(try JSONDecoder().decode(WordVocabulary.self, from: Data(json.utf8)).encode("a\rb") == [1, 2])
    }
}
