import Foundation
import Recurrent

/// The distinct characters of a text, numbered from 0.
///
/// A character is a Unicode scalar, not a grapheme cluster: scalars are few, so the table stays small, a text is
/// decoded as it was, and any scalar can be written as soon as it is drawn. Texts are read in composed characters
/// (Unicode's form C), so that an accent makes one character with its letter however it was typed, where there is such a
/// character. The order is that of the scalars' values.
public struct CharacterVocabulary: Equatable, Sendable {
    /// The characters; their places are their token numbers.
    public let characters: [Unicode.Scalar]
    /// How often each stands in the text that the vocabulary was made of; nil where that was not kept, as by version 0.1.
    package let counts: [Int]?
    /// Whether texts are composed before they are read; they were not by version 0.1.
    private let isComposed: Bool
    /// The token number of every scalar's value, up to the last character's; -1 where there is none.
    private let numbers: [Int32]

    /// How many characters there are: at least 2.
    public var size: Int { characters.count }

    /// Collects the characters of a text.
    ///
    /// - Parameters:
    ///   - text: What the vocabulary is built from.
    ///   - name: What errors call the text, usually the path of its file.
    /// - Throws: `RecurrentError` where the text has fewer than two distinct characters.
    public init(of text: String, name: String = "the text") throws {
        var counts = [Int](repeating: 0, count: 0x110000)
        counts.withUnsafeMutableBufferPointer { counts in
            Self.forEachScalar(of: Self.composed(text)) { counts[Int($0)] += 1 }
        }
        let values = counts.indices.filter { counts[$0] > 0 }
        try self.init(
            sorted: values.compactMap { Unicode.Scalar(UInt32($0)) }, counts: values.map { counts[$0] },
            isComposed: true, name: name)
    }

    private init(sorted characters: [Unicode.Scalar], counts: [Int]?, isComposed: Bool, name: String) throws {
        guard characters.count >= 2 else {
            let found = characters.first.map { "only the character \(Self.describe($0))" } ?? "no characters"
            throw RecurrentError("\(name) has \(found); expected at least two different ones to learn from")
        }
        self.characters = characters
        self.counts = counts
        self.isComposed = isComposed
        var numbers = [Int32](repeating: -1, count: Int(characters[characters.count - 1].value) + 1)
        for (index, character) in characters.enumerated() { numbers[Int(character.value)] = Int32(index) }
        self.numbers = numbers
    }

    /// The token number of a character, or nil where the vocabulary does not have it.
    public func token(of character: Unicode.Scalar) -> Int32? {
        let value = Int(character.value)
        return value < numbers.count && numbers[value] >= 0 ? numbers[value] : nil
    }

    /// A text as the vocabulary reads it: in composed characters.
    package func read(_ text: String) -> String { isComposed ? Self.composed(text) : text }

    private static func composed(_ text: String) -> String {
        // No scalar below U+0300, whose first byte is 0xCC, composes with what precedes it.
        var text = text
        let largest = text.withUTF8 { bytes in bytes.reduce(0, max) }
        return largest < 0xCC ? text : text.precomposedStringWithCanonicalMapping
    }

    private static func forEachScalar(of text: String, _ body: (UInt32) throws -> Void) rethrows {
        var text = text
        try text.withUTF8 { bytes in
            let text = UTF8Text(bytes)
            var place = 0
            while place < text.count {
                let (value, length) = text.scalar(at: place)
                try body(value)
                place += length
            }
        }
    }

    /// Turns a text into token numbers, one for each scalar of its composed form.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: What errors call the text: "the prompt", or the path of a file.
    /// - Throws: `RecurrentError` with the first character outside the vocabulary, its line and its column.
    public func encode(_ text: String, name: String = "the text") throws -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity(text.utf8.count)
        try forEachPiece(of: text, name: name) { tokens.append(contentsOf: $0) }
        return tokens
    }

    /// The tokens of a text, some thousands at a time.
    func forEachPiece(of text: String, name: String, _ body: (ArraySlice<Int32>) -> Void) throws {
        let text = read(text)
        var piece = [Int32](repeating: 0, count: 4096)
        var (done, filled) = (0, 0)
        try numbers.withUnsafeBufferPointer { numbers in
            try Self.forEachScalar(of: text) { value in
                guard value < numbers.count, numbers[Int(value)] >= 0 else {
                    throw outside(
                        Unicode.Scalar(value) ?? "?", after: text.unicodeScalars.prefix(done + filled), name: name)
                }
                piece[filled] = numbers[Int(value)]
                filled += 1
                if filled == piece.count {
                    body(piece[...])
                    (done, filled) = (done + filled, 0)
                }
            }
        }
        body(piece[..<filled])
    }

    /// Turns token numbers into the text they stand for.
    ///
    /// - Throws: `RecurrentError` with the first number that is no character of the vocabulary.
    public func decode(_ tokens: some Sequence<Int32>) throws -> String {
        var text = String.UnicodeScalarView()
        for token in tokens {
            guard token >= 0, token < characters.count else {
                throw RecurrentError("token \(token) is outside the vocabulary; expected 0 to \(characters.count - 1)")
            }
            text.append(characters[Int(token)])
        }
        return String(text)
    }

    private func outside(
        _ scalar: Unicode.Scalar, after start: Substring.UnicodeScalarView, name: String
    ) -> RecurrentError {
        var (line, column) = (1, 1)
        for earlier in start {
            if earlier == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return RecurrentError(
            "\(name), line \(line), column \(column): the character \(Self.describe(scalar)) is not in the vocabulary "
                + "of \(size) characters; expected only characters of the training text")
    }

    /// A character in quotation marks (unless it cannot be seen) with its code point.
    static func describe(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .nonspacingMark:
            return code
        default:
            return "\"\(scalar)\" (\(code))"
        }
    }
}

extension CharacterVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case characters, counts
        case isComposed = "composed"
    }

    /// Reads `{"characters": [...], "counts": [...], "composed": true}`, of which only the characters must be, and checks
    /// that each is one scalar, that they are in order, and that there is a count of 1 or more for each.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var characters: [Unicode.Scalar] = []
        for (index, text) in try container.decode([String].self, forKey: .characters).enumerated() {
            guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
                throw RecurrentError("characters[\(index)] is \"\(text.prefix(20))\"; expected one Unicode scalar")
            }
            if let last = characters.last, last >= scalar {
                throw RecurrentError(
                    "characters[\(index)] is \(Self.describe(scalar)) after \(Self.describe(last)); "
                        + "expected each once, in the order of their code points")
            }
            characters.append(scalar)
        }
        let counts = try container.decodeIfPresent([Int].self, forKey: .counts)
        if let counts, counts.count != characters.count || !counts.allSatisfy({ (1...Int(Int32.max)).contains($0) }) {
            throw RecurrentError(
                "counts does not have a number of 1 or more for each of \(characters.count) characters")
        }
        try self.init(
            sorted: characters, counts: counts,
            isComposed: try container.decodeIfPresent(Bool.self, forKey: .isComposed) ?? false,
            name: "the vocabulary")
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(characters.map { String($0) }, forKey: .characters)
        try container.encodeIfPresent(counts, forKey: .counts)
        if isComposed { try container.encode(true, forKey: .isComposed) }
    }
}
