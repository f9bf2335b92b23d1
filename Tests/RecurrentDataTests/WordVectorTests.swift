import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

/// Word vectors: neighbours, analogies, and the files they come in.
@Suite struct WordVectorTests {
    /// Gender along one axis, rank along another, and a word of neither.
    private static func royal() throws -> WordVectors {
        try WordVectors(
            words: ["man", "woman", "king", "queen", "tree", "nothing"],
            vectors: Tensor([[1, 0, 0.1], [-1, 0, 0.1], [1, 2, 0.1], [-1, 2, 0.1], [0, 0, -5], [0, 0, 0]]))
    }

    @Test func neighboursAreSortedByCosine() throws {
        let vectors = try Self.royal()
        let near = try vectors.neighbours(of: "king", count: 2)
        #expect(near.map(\.word) == ["queen", "man"])
        let expected = [(-1 + 4 + 0.01) / 5.01, (1 + 0.01) / (5.01 * 1.01).squareRoot()]
        #expect(difference(near.map { Double($0.cosine) }, expected) < 1e-6)
        let all = try vectors.neighbours(of: "king", count: 100)
        #expect(all.count == 5 && !all.contains { $0.word == "king" })
        #expect(try #require(all.first { $0.word == "nothing" }).cosine == 0)
        #expect(try vectors.neighbours(of: "nothing", count: 1).map(\.cosine) == [0])
        #expect(vectors["woman"] == [-1, 0, 0.1] && vectors["emperor"] == nil)
    }

    @Test func analogiesLeaveTheThreeOut() throws {
        let vectors = try Self.royal()
        #expect(try vectors.analogy("king", minus: "man", plus: "woman", count: 1).map(\.word) == ["queen"])
        let all = try vectors.analogy("king", minus: "man", plus: "woman", count: 100).map(\.word)
        #expect(Set(all) == ["queen", "tree", "nothing"])
        let error = #expect(throws: RecurrentError.self) { try vectors.neighbours(of: "emperor") }
        #expect(error?.description == "\"emperor\" is none of the 6 words that have a vector")
    }

    struct Peer: Decodable {
        struct Neighbours: Decodable {
            let plus, minus, words: [String]
            let cosines: [Double]
        }
        let words: [String]
        let vectors: Fixture.Numbers
        let text, binary, glove: String
        let neighbours: [Neighbours]
    }

    @Test func filesAndNeighboursAreGensims() throws {
        let peer = try Fixture.decode("word_vectors", as: Peer.self)
        let binary = try #require(Data(base64Encoded: peer.binary))
        let files = [Array(peer.text.utf8), [UInt8](binary), Array(peer.glove.utf8)]
        for (bytes, format) in zip(files, WordVectorFormat.allCases) {
            #expect(WordVectorFormat(of: bytes) == format)
            let read = try WordVectors(bytes: bytes, format: format, name: "file")
            #expect(read.words == peer.words)
            #expect(bits(read.vectors) == bits(peer.vectors.tensor(.single)))
            for expected in peer.neighbours {
                let terms = expected.plus.map { (word: $0, weight: Float(1)) }
                let found = try read.neighbours(ofSum: terms + expected.minus.map { ($0, -1) }, count: 4)
                #expect(found.map(\.word) == expected.words)
                #expect(difference(found.map { Double($0.cosine) }, expected.cosines) < 1e-6)
            }
        }
    }

    @Test func wordsAreUniqueAndNumbersFinite() {
        #expect(throws: RecurrentError.self) { try WordVectors(words: ["a", "a"], vectors: Tensor([[1], [2]])) }
        #expect(throws: RecurrentError.self) { try WordVectors(words: ["a", "b"], vectors: Tensor([[1], [.nan]])) }
        #expect(throws: RecurrentError.self) { try WordVectors(words: ["a"], vectors: Tensor([[.infinity]])) }
    }

    @Test(arguments: WordVectorFormat.allCases)
    func filesAreReadBackToTheBit(_ format: WordVectorFormat) throws {
        try withTemporaryDirectory { directory in
            let words = ["the", "caf\u{E9}", "<unk>", "\u{1F600}", "it's", "a\u{A0}b"]
            let vectors = try WordVectors(words: words, vectors: noise([6, 5], 3, scale: 1e-3, precision: .single))
            let path = directory + "/vectors"
            try vectors.write(format, to: path)
            for chosen in [format, nil] {
                let read = try WordVectors(contentsOf: path, format: chosen)
                #expect(read.words == words)
                #expect(bits(read.vectors) == bits(vectors.vectors))
            }
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(WordVectorFormat(of: bytes) == format)
            // No prefix of a file with a count is a file, unless it ends within the digits of the last number.
            let lastField = try #require(bytes.lastIndex(of: UInt8(ascii: " "))) + 1
            for end in 0..<bytes.count - 1 where format != .glove && !(format == .word2vec && end > lastField) {
                let part = Array(bytes[..<end])
                #expect(throws: RecurrentError.self, "prefix of \(end) bytes") {
                    try WordVectors(bytes: part, format: format, name: "part")
                }
            }
            // Whatever byte is damaged, there are vectors or an error.
            for place in stride(from: 0, to: bytes.count, by: 3) {
                for value: UInt8 in [0, 10, 32, 57, 255] {
                    var damaged = bytes
                    damaged[place] = value
                    for chosen in WordVectorFormat.allCases {
                        if let read = try? WordVectors(bytes: damaged, format: chosen, name: "damaged") {
                            #expect(read.vectors.values.allSatisfy(\.isFinite) && !read.words.isEmpty)
                        }
                    }
                }
            }
        }
    }

    /// What `word2vec -binary 1` writes and what gensim writes: with a newline after each vector, and without.
    @Test func binaryFilesWithAndWithoutNewlines() throws {
        func bytes(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        for newline in [[UInt8]("\n".utf8), []] {
            let file =
                Array("2 2\n".utf8) + Array("in ".utf8) + bytes(1.5) + bytes(-2) + newline + Array("of ".utf8)
                + bytes(0) + bytes(0.25) + newline
            let read = try WordVectors(bytes: file, format: WordVectorFormat(of: file), name: "file")
            #expect(read.words == ["in", "of"])
            #expect(read.vectors.values == [1.5, -2, 0, 0.25])
        }
    }

    @Test func gzipAndOddText() throws {
        try withTemporaryDirectory { directory in
            let text = "the 0.5 -1\r\n. . . 1e-3 2\r\n\r\nthe 9 9\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/glove.txt"))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-k", directory + "/glove.txt"]
            try process.run()
            process.waitUntilExit()
            for name in ["glove.txt", "glove.txt.gz"] {
                let read = try WordVectors(contentsOf: directory + "/" + name)
                #expect(read.words == ["the", ". . ."], "the first of two vectors counts; a word may have spaces")
                #expect(read.vectors.values == [0.5, -1, 1e-3, 2])
            }
            #expect(throws: RecurrentError.self) {
                try WordVectors(contentsOf: directory + "/glove.txt").write(.glove, to: directory + "/again")
            }
        }
    }

    private func read(_ text: String) throws -> WordVectors {
        let bytes = Array(text.utf8)
        return try WordVectors(bytes: bytes, format: WordVectorFormat(of: bytes), name: "file")
    }

    /// As GloVe's vectors of 840 billion words have them, and their word2vec forms.
    @Test(arguments: ["", "3 2\n", "\u{FEFF}", "\u{FEFF}3 2\n"])
    func theFirstWordMayHaveBlanks(_ beginning: String) throws {
        for word in [". . .", "at 5 pm", "page 3"] {
            let vectors = try read(beginning + "\(word) 0.5 -1\nthe 1 2\nof 3 4\n")
            #expect(vectors.words == [word, "the", "of"] && vectors.vectors.values == [0.5, -1, 1, 2, 3, 4])
        }
    }

    @Test func aWordThatIsANumberIsAWord() throws {
        let vectors = try read("2 0.5 1 2\n1980 1 2 3\n")
        #expect(vectors.words == ["2", "1980"] && vectors.width == 3)
        let late = message { _ = try read("a 1 2\n" + String(repeating: "b 1 2\n", count: 20) + "c 1\n") }
        #expect(late == "file, line 22: 2 fields; expected a word and 2 numbers")
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        let marked = [0xEF, 0xBB, 0xBF] + Array("2 1\na ".utf8) + [0, 0, 0x80, 0x3F] + Array("\nb ".utf8)
        let binary = try WordVectors(
            bytes: marked + [0, 0, 0, 0], format: WordVectorFormat(of: marked + [0, 0, 0, 0]), name: "file")
        #expect(binary.words == ["a", "b"] && binary.vectors.values == [1, 0])
        #expect(message { _ = try read("\u{FEFF}") } == "file: there are no words; expected some")
        // Elsewhere it is a part of a word.
        #expect(try read("a 1\n\u{FEFF}a 2\n").words.count == 2)
    }

    /// One text in two spellings is one word, in files as in a vocabulary: it has the first vector, and either finds it.
    @Test func equalWordsHaveTheFirstVector() throws {
        let vectors = try read("4 1\ncaf\u{E9} 1\ncafe\u{301} 2\ncafe 3\ncafe 4\n")
        #expect(
            vectors.words.map { Array($0.unicodeScalars) } == ["caf\u{E9}", "cafe"].map { Array($0.unicodeScalars) })
        #expect(vectors["caf\u{E9}"] == [1] && vectors["cafe\u{301}"] == [1] && vectors["cafe"] == [3])
        let refusal = message {
            _ = try WordVectors(words: ["caf\u{E9}", "cafe\u{301}"], vectors: Tensor([[1], [2]]))
        }
        #expect(refusal.contains("has two vectors; expected each word once"))
    }

    @Test func filesThatFillTheMemoryAreRefused() throws {
        #expect(WordVectors.largestSize <= 1 << 33)
        #expect(WordVectors.largestSize <= Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))
        try withTemporaryDirectory { directory in
            let path = directory + "/vectors"
            try Data().write(to: URL(fileURLWithPath: path))
            // A file of holes, which takes no room.
            try #require(truncate(path, off_t(WordVectors.largestSize) + 1) == 0)
            let refusal = message { _ = try WordVectors(contentsOf: path) }
            #expect(
                refusal == "\(path): the file is larger than \(WordVectors.largestSize) bytes, the most that is read")
        }
    }

    @Test(arguments: [
        ("", "file: the file is empty"),
        ("\n\n", "file: there are no words"),
        ("word\n", "file, line 1: 1 fields; expected a word and 1 numbers"),
        ("a 1 2\nb 1\n", "file, line 2: 2 fields; expected a word and 2 numbers"),
        ("a 1 2\nb 1 nan\n", "file, line 2: \"nan\" is not a finite number"),
        ("a 1 2\nb 1 1e99\n", "file, line 2: \"1e99\" is not a finite number"),
        ("a 1 2\nb 1 x\n", "file, line 2: \"x\" is not a finite number"),
        ("1152921504606846976 100\na 1\n", "file, line 1: 1152921504606846976 words of 100 numbers do not fit"),
        ("99999999999999999999 99999999999999999999\na 1\n", "file, line 1: 9223372036854775807 words of"),
        ("100000000000000000 100\na 1\n", "file, line 1: 100000000000000000 words of 100 numbers do not fit"),
        ("2 999999999999999999\na 1\n", "file, line 1: 2 words of 999999999999999999 numbers do not fit"),
        ("0 2\n", "file, line 1: 0 words of 2 numbers do not fit"),
        ("3 1\na 1\nb 2\n", "file: it ends after 2 words; line 1 says 3"),
        ("1 1\na 1\nb 2\n", "file, line 3: more words than the 1 of line 1"),
        ("2 1\na 1 2\nb 1 2\n", "file, line 1: vectors of 1 numbers; most lines have 2 after the word"),
        ("2 2\na 1 2\nb 1 inf\n", "file, line 3: \"inf\" is not a finite number"),
    ])
    func hostileText(_ contents: String, _ expected: String) {
        let bytes = Array(contents.utf8)
        let error = #expect(throws: RecurrentError.self) {
            try WordVectors(bytes: bytes, format: WordVectorFormat(of: bytes), name: "file")
        }
        #expect(error?.description.hasPrefix(expected) == true, "\(String(describing: error))")
    }

    @Test func hostileBytes() throws {
        let invalid = Array("a 1\n".utf8) + [0xE9, 0x20, 0x31, 0x0A]
        let error = #expect(throws: RecurrentError.self) {
            try WordVectors(bytes: invalid, format: .glove, name: "file")
        }
        #expect(error?.description == "file, line 2: the word is not valid UTF-8")
        let notANumber = Array("2 1\na ".utf8) + [0, 0, 0x80, 0x3F] + Array("b ".utf8) + [0, 0, 0xC0, 0x7F]
        let other = #expect(throws: RecurrentError.self) {
            try WordVectors(bytes: notANumber, format: WordVectorFormat(of: notANumber), name: "file")
        }
        #expect(other?.description == "file, byte 12: nan in the vector of word 2")
        let trailing = Array("1 1\na ".utf8) + [0, 0, 0x80, 0x3F, 7]
        let third = #expect(throws: RecurrentError.self) {
            try WordVectors(bytes: trailing, format: .word2vecBinary, name: "file")
        }
        #expect(third?.description == "file, byte 10: something follows the last of 1 words")
        let long = Array((String(repeating: "x", count: 100_000) + " 1\n").utf8)
        #expect(try WordVectors(bytes: long, format: .glove, name: "file").words[0].count == 100_000)
        let longNumber = Array(("x " + String(repeating: "1", count: 100_000) + "\n").utf8)
        #expect(throws: RecurrentError.self) { try WordVectors(bytes: longNumber, format: .glove, name: "file") }
    }

    @Test func projectorFilesAreLineByLine() throws {
        try withTemporaryDirectory { directory in
            let directory = directory + "/projector"
            try Self.royal().writeProjectorFiles(into: directory)
            let vectors = try String(contentsOfFile: directory + "/vectors.tsv", encoding: .utf8)
            let words = try String(contentsOfFile: directory + "/metadata.tsv", encoding: .utf8)
            #expect(vectors.hasPrefix("1.0\t0.0\t0.1\n-1.0\t0.0\t0.1\n"))
            #expect(vectors.split(separator: "\n").count == 6)
            #expect(words == "man\nwoman\nking\nqueen\ntree\nnothing\n")
            let odd = try WordVectors(words: ["a\nb"], vectors: Tensor([[1]]))
            #expect(throws: RecurrentError.self) { try odd.writeProjectorFiles(into: directory) }
        }
    }

    @Test func embeddingsStartFromVectors() throws {
        let vocabulary = try WordVocabulary(of: ["the king and the queen", "the king"])
        #expect(vocabulary.words == ["the", "king", "and", "queen"])
        var model = Model(seed: 1) { Embedding(tokens: vocabulary.size, width: 3, &$0) }
        let before = try #require(model.parameters["table"])
        let start = try Self.royal().table(for: vocabulary, otherwise: before)
        model.parameters.set("table", to: start.table.values)
        #expect(start.found == 2)
        let rows = model.evaluate { $0(IntegerTensor(vocabulary.encode("king queen the emperor"))) }
        #expect(Array(rows.values[0..<6]) == [1, 2, 0.1, -1, 2, 0.1])
        #expect(Array(rows.values[6..<9]) == before[1].values && Array(rows.values[9..<12]) == before[0].values)
    }
}
