import Foundation
import Recurrent

extension WordVectors {
    /// The largest file that is read, in bytes, after gzip was undone: 8 GiB, or half of the machine's memory where that is
    /// less, as the vectors need room beside it.
    package static let largestSize = min(1 << 33, Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))

    /// Reads a file of word2vec or GloVe, also as gzip.
    ///
    /// A word that comes again is left out: its first vector counts, as in gensim. So is one that differs only in whether
    /// its accents are composed, which are equal texts. Words are kept as they are written. In the text formats the last
    /// numbers of a line are the vector, and what comes before is the word, spaces and all; where the file does not say how
    /// many numbers, most of its first ten lines do. A byte order mark at the beginning is passed over.
    /// - Parameter format: How the file is written; found out from its beginning where nil.
    /// - Throws: `RecurrentError` naming the file, and the line or byte where something is wrong: numbers missing, infinite
    ///   or not a number, fewer or more words than the first line says, a word that is not UTF-8.
    public init(contentsOf path: String, format: WordVectorFormat? = nil) throws {
        let bytes = try FileContents.readInflated(path, limit: Self.largestSize)
        try self.init(bytes: bytes, format: format ?? WordVectorFormat(of: bytes), name: path)
    }

    init(bytes: [UInt8], format: WordVectorFormat, name: String) throws {
        guard !bytes.isEmpty else { throw RecurrentError("\(name): the file is empty; expected word vectors") }
        var reader = WordVectorReader(bytes: bytes, name: name)
        switch format {
        case .word2vec: try reader.readLines(header: reader.readHeader())
        case .word2vecBinary: try reader.readBinary(header: reader.readHeader())
        case .glove: try reader.readLines(header: nil)
        }
        guard !reader.words.isEmpty else { throw RecurrentError("\(name): there are no words; expected some") }
        let vectors = Tensor(reader.values, shape: [reader.words.count, reader.values.count / reader.words.count])
        do { try self.init(words: reader.words, vectors: vectors) } catch { throw RecurrentError("\(name): \(error)") }
    }
}

/// The way through a file of word vectors.
private struct WordVectorReader {
    let bytes: [UInt8]
    let name: String
    private(set) var words: [String] = []
    private(set) var values: [Float] = []
    private var seen: Set<String> = []
    private var place = 0
    private var line = 0

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
        place = bytes.byteOrderMarkSize
    }

    /// The next line without its newline, or nil at the end.
    private mutating func nextLine() -> ArraySlice<UInt8>? {
        guard place < bytes.count else { return nil }
        line += 1
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        defer { place = end + 1 }
        return bytes[place..<end]
    }

    mutating func readHeader() throws -> WordVectorHeader {
        guard let first = nextLine(), let header = WordVectorHeader(first) else {
            throw RecurrentError("\(name), line 1: expected two whole numbers, of words and of a vector's elements")
        }
        // Every word needs a byte, and every number two bytes or more: so nothing is made of a false count.
        guard header.words >= 1, header.width >= 1, header.width <= bytes.count,
            header.words <= bytes.count / (1 + 2 * header.width)
        else {
            throw RecurrentError(
                "\(name), line 1: \(header.words) words of \(header.width) numbers do not fit a file of \(bytes.count) bytes"
            )
        }
        return header
    }

    private mutating func append(_ word: ArraySlice<UInt8>, _ vector: [Float], at position: String) throws {
        guard let text = String(validating: word, as: UTF8.self) else {
            throw RecurrentError("\(name), \(position): the word is not valid UTF-8")
        }
        guard seen.insert(text).inserted else { return }
        words.append(text)
        values += vector
    }

    mutating func readLines(header: WordVectorHeader?) throws {
        let found = WordVectorWidth.ofMostLines(bytes[place...])
        let width = header?.width ?? found
        guard found <= width else {
            throw RecurrentError(
                "\(name), line 1: vectors of \(width) numbers; most lines have \(found) after the word")
        }
        var count = 0
        while let text = nextLine() {
            let fields = text.wordVectorFields
            if fields.isEmpty { continue }
            guard fields.count > width, width >= 1 else {
                throw RecurrentError(
                    "\(name), line \(line): \(fields.count) fields; expected a word and \(max(1, width)) numbers")
            }
            count += 1
            if let header, count > header.words {
                throw RecurrentError("\(name), line \(line): more words than the \(header.words) of line 1")
            }
            let numbers = fields.suffix(width)
            let vector = try numbers.map { field in
                guard let number = field.floatNumber, number.isFinite else {
                    let shown = String(decoding: field.prefix(40), as: UTF8.self)
                    throw RecurrentError("\(name), line \(line): \"\(shown)\" is not a finite number")
                }
                return number
            }
            let word = fields.dropLast(width)
            let begin = word.first.map(\.startIndex) ?? 0
            try append(bytes[begin..<(word.last.map(\.endIndex) ?? begin)], vector, at: "line \(line)")
        }
        if let header, count < header.words {
            throw RecurrentError("\(name): it ends after \(count) words; line 1 says \(header.words)")
        }
    }

    mutating func readBinary(header: WordVectorHeader) throws {
        for index in 1...header.words {
            while place < bytes.count, bytes[place] == UInt8(ascii: "\n") { place += 1 }
            guard let space = bytes[min(place, bytes.count)...].firstIndex(of: UInt8(ascii: " ")), space > place,
                bytes.count - space - 1 >= 4 * header.width
            else {
                throw RecurrentError(
                    "\(name), byte \(min(place, bytes.count)): expected word \(index) of \(header.words), a space and "
                        + "\(header.width) 32-bit floats")
            }
            let vector = try (0..<header.width).map { element in
                let start = space + 1 + 4 * element
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
                let number = Float(bitPattern: bits)
                guard number.isFinite else {
                    throw RecurrentError("\(name), byte \(start): \(number) in the vector of word \(index)")
                }
                return number
            }
            try append(bytes[place..<space], vector, at: "byte \(place), word \(index)")
            place = space + 1 + 4 * header.width
        }
        if let rest = bytes[place...].firstIndex(where: { $0 != UInt8(ascii: "\n") }) {
            throw RecurrentError("\(name), byte \(rest): something follows the last of \(header.words) words")
        }
    }
}
