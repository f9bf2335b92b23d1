import Recurrent

/// The distinct characters of a text, numbered from 0.
///
/// A character is a Unicode scalar, not a grapheme cluster: scalars are few, so the table stays small, a text is
/// decoded as it was, and any scalar can be written as soon as it is drawn. Texts are read in composed characters
/// (Unicode's form C), so that an accent makes one character with its letter however it was typed, where there is such a
/// character; and their lines end in LF, however they did. The order is that of the scalars' values.
public struct CharacterVocabulary: Equatable, Sendable {
    /// The characters; their places are their token numbers.
    public let characters: [Unicode.Scalar]
    /// How often each stands in the part for training of the text that the vocabulary was made of, 0 or more; nil where
    /// that was not kept, as by version 0.1.
    package let counts: [Int]?
    /// Whether texts are read in their normal form, `NormalText`; they were not by version 0.1.
    private let isNormal: Bool
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
        try self.init(of: CollectionOfOne(text), name: name)
    }

    /// Collects the characters of texts.
    /// - Parameters:
    ///   - texts: What the vocabulary is built from.
    ///   - isNormal: Whether texts are read in their normal form.
    ///   - training: How many characters of the first text, at its beginning, are for training, given their number.
    ///   - name: What errors call the texts.
    /// - Throws: `RecurrentError` where there are fewer than two distinct characters.
    package init(
        of texts: some Sequence<String>, isNormal: Bool = true, training: (Int) throws -> Int = { $0 },
        name: String = "the texts"
    ) throws {
        var counts = [Int](repeating: 0, count: 0x110000)
        var stands = [Bool](repeating: false, count: counts.count)
        for (number, text) in texts.enumerated() {
            let text = isNormal ? NormalText.of(text) : text
            var left = number == 0 ? try training(Self.scalarCount(of: text)) : 0
            counts.withUnsafeMutableBufferPointer { counts in
                stands.withUnsafeMutableBufferPointer { stands in
                    Self.forEachScalar(of: text) { value in
                        stands[Int(value)] = true
                        if left > 0 { counts[Int(value)] += 1 }
                        left -= 1
                    }
                }
            }
        }
        let values = stands.indices.filter { stands[$0] }
        try self.init(
            sorted: values.compactMap { Unicode.Scalar(UInt32($0)) }, counts: values.map { counts[$0] },
            isNormal: isNormal, name: name)
    }

    private static func scalarCount(of text: String) -> Int {
        // Every scalar has one byte that does not continue another's.
        var text = text
        return text.withUTF8 { bytes in bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
    }

    private init(sorted characters: [Unicode.Scalar], counts: [Int]?, isNormal: Bool, name: String) throws {
        guard characters.count >= 2 else {
            let found = characters.first.map { "only the character \(Self.describe($0))" } ?? "no characters"
            throw RecurrentError("\(name) has \(found); expected at least two different ones to learn from")
        }
        self.characters = characters
        self.counts = counts
        self.isNormal = isNormal
        var numbers = [Int32](repeating: -1, count: Int(characters[characters.count - 1].value) + 1)
        for (index, character) in characters.enumerated() { numbers[Int(character.value)] = Int32(index) }
        self.numbers = numbers
    }

    /// The token number of a character, or nil where the vocabulary does not have it.
    public func token(of character: Unicode.Scalar) -> Int32? {
        let value = Int(character.value)
        return value < numbers.count && numbers[value] >= 0 ? numbers[value] : nil
    }

    /// A text as the vocabulary reads it: with composed characters, and lines that end in LF.
    package func read(_ text: String) -> String { isNormal ? NormalText.of(text) : text }

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

    /// Turns a text into token numbers, one for each scalar of its normal form.
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
    func forEachPiece(of text: String, name: String, _ body: (UnsafeBufferPointer<Int32>) -> Void) throws {
        let text = read(text)
        var (done, filled) = (0, 0)
        try withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4096) { piece in
            try numbers.withUnsafeBufferPointer { numbers in
                try Self.forEachScalar(of: text) { value in
                    guard value < numbers.count, numbers[Int(value)] >= 0 else {
                        throw outside(
                            Unicode.Scalar(value) ?? "?", after: text.unicodeScalars.prefix(done + filled), name: name)
                    }
                    piece[filled] = numbers[Int(value)]
                    filled += 1
                    if filled == piece.count {
                        body(UnsafeBufferPointer(piece))
                        (done, filled) = (done + filled, 0)
                    }
                }
            }
            body(UnsafeBufferPointer(rebasing: piece[..<filled]))
        }
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
                + "of \(size) characters; expected only characters of the text that the model was made for")
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
        case isNormal = "normal"
    }

    /// Reads `{"characters": [...], "counts": [...], "normal": true}`, where only the characters are required, and checks
    /// that each is one scalar, that they are in order, and that there is a count of 0 or more for each.
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
        if let counts, counts.count != characters.count || !counts.allSatisfy({ (0...Int(Int32.max)).contains($0) }) {
            throw RecurrentError(
                "counts does not have a number of 0 or more for each of \(characters.count) characters")
        }
        try self.init(
            sorted: characters, counts: counts,
            isNormal: try container.decodeIfPresent(Bool.self, forKey: .isNormal) ?? false,
            name: "the vocabulary")
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(characters.map { String($0) }, forKey: .characters)
        try container.encodeIfPresent(counts, forKey: .counts)
        if isNormal { try container.encode(true, forKey: .isNormal) }
    }
}
