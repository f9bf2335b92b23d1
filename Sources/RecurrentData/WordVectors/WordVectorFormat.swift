/// How word vectors are written in a file.
public enum WordVectorFormat: String, CaseIterable, Sendable, Codable {
    /// A line of two numbers, words and width, and then a line for each word: the word and its numbers, with spaces.
    case word2vec
    /// The same line, and then for each word: the word, a space, its numbers as 32-bit floats (little-endian), and, where
    /// the writer put one, a newline.
    case word2vecBinary = "word2vec-binary"
    /// As `word2vec`, without the first line.
    case glove

    /// The format of a file by its contents: a first line of two whole numbers is word2vec's, whose vectors are text where
    /// the second line has as many numbers as the first says. A GloVe file of one dimension whose first word is a whole
    /// number looks the same, and must be named.
    init(of bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let lines = bytes.prefix(1 << 20).dropFirst(bytes.byteOrderMarkSize).split(
            separator: newline, maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = lines.first, let header = WordVectorHeader(first) else {
            self = .glove
            return
        }
        let fields = (lines.count > 1 ? lines[1] : []).wordVectorFields
        let isText = fields.count > header.width && fields.suffix(header.width).allSatisfy { $0.floatNumber != nil }
        self = isText || header.words == 0 ? .word2vec : .word2vecBinary
    }
}

/// The first line of word2vec's files.
struct WordVectorHeader {
    let words: Int
    package let width: Int

    /// Nil where the line is not two whole numbers.
    init?(_ line: ArraySlice<UInt8>) {
        let fields = line.wordVectorFields
        guard fields.count == 2, let words = fields[0].wholeNumber, let width = fields[1].wholeNumber else {
            return nil
        }
        self.words = words
        self.width = width
    }
}

extension [UInt8] {
    /// The size of the byte order mark of UTF-8 that some programs put before a text, or 0.
    var byteOrderMarkSize: Int { starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}

extension ArraySlice<UInt8> {
    /// What stands between spaces and tabs; a carriage return at the end is none of it.
    var wordVectorFields: [ArraySlice<UInt8>] {
        (last == UInt8(ascii: "\r") ? dropLast() : self).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// A whole number as text, the largest there is where it is larger; nil where it is none.
    fileprivate var wholeNumber: Int? {
        guard !isEmpty, allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(String(decoding: self, as: UTF8.self)) ?? .max
    }

    /// A number as text, which may be infinite or NaN; nil where it is none.
    var floatNumber: Float? { count > 60 ? nil : Float(Substring(decoding: self, as: UTF8.self)) }
}
