import Recurrent

/// What a text is cut into for a network.
///
/// There are two ways to turn a text into tokens. `encode(_:name:)` is for texts to be learned or continued: a character
/// that the vocabulary lacks is an error with its place. `encodeBeginning(of:limit:)` is for texts to be judged, which
/// may hold anything. To words, which are never all known, both give a token of their own.
public enum TextVocabulary: Equatable, Sendable {
    /// The Unicode scalars of the texts.
    case characters(CharacterVocabulary)
    /// The 256 bytes.
    case bytes
    /// The 128 bytes of ASCII.
    case ascii
    /// The most frequent words of the training text, and one token for all others.
    case words(WordVocabulary)

    /// What a token is.
    public var level: TokenLevel {
        switch self {
        case .characters: .character
        case .bytes, .ascii: .byte
        case .words: .word
        }
    }

    /// How many tokens there are: the width of one-hot vectors, or the number of words' vectors.
    public var size: Int {
        switch self {
        case .characters(let vocabulary): vocabulary.size
        case .bytes: ByteVocabulary().size
        case .ascii: 128
        case .words(let vocabulary): vocabulary.size
        }
    }

    /// The token that a text generated without a prompt begins after; it is not part of the text.
    ///
    /// An underscore for bytes. A newline for characters and words, or where the training text had none, the first
    /// character or the most frequent word.
    package var startToken: Int32 {
        switch self {
        case .characters(let vocabulary): vocabulary.token(of: "\n") ?? 0
        case .bytes, .ascii: ByteVocabulary.startToken
        case .words(let vocabulary): vocabulary.token(of: "\n") ?? 1
        }
    }

    /// The token that stands for all that the vocabulary does not have. For words it is one of the `size` tokens, for
    /// others -1, whose one-hot vector is zero.
    public var unknownToken: Int32 {
        level == .word ? WordVocabulary.unknownToken : -1
    }

    /// Checks that the vocabulary is of the level that is configured.
    ///
    /// - Throws: `RecurrentError` where it is not.
    package func check(level configured: TokenLevel) throws {
        guard configured == level else {
            throw RecurrentError(
                "`level` is \(configured.rawValue), but the model has a vocabulary of \(level.rawValue)s")
        }
    }
}

extension TextVocabulary {
    /// Turns a text into token numbers: one for each Unicode scalar of its normal form (see `CharacterVocabulary`), byte of
    /// its UTF-8 form, or word.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: What errors call the text: "the prompt", or the path of a file.
    /// - Throws: `RecurrentError` with the first character outside the vocabulary and its place.
    public func encode(_ text: String, name: String = "the text") throws -> [Int32] {
        switch self {
        case .characters(let vocabulary): try vocabulary.encode(text, name: name)
        case .bytes: ByteVocabulary().encode(text.utf8)
        case .ascii: try Self.encodeASCII(text.utf8, name: name)
        case .words(let vocabulary): vocabulary.encode(text)
        }
    }

    /// Turns the contents of a file into token numbers.
    ///
    /// - Throws: `RecurrentError` where the file is not UTF-8, unless bytes are asked for, or has characters that the
    ///   vocabulary lacks.
    public func encode(_ file: TextFile) throws -> [Int32] { Array(try tokens(of: file)) }

    /// The same, kept in as few bytes as the vocabulary needs.
    package func tokens(of file: TextFile) throws -> TokenSequence {
        switch self {
        case .characters(let vocabulary):
            let text = try file.text()
            return try TokenSequence(vocabularySize: size, capacity: text.utf8.count) {
                try vocabulary.forEachPiece(of: text, name: file.path, $0)
            }
        case .words(let vocabulary):
            let text = try file.text()
            return TokenSequence(vocabularySize: size) { vocabulary.forEachPiece(of: text, $0) }
        case .bytes: return TokenSequence(bytes: file.bytes)
        case .ascii: return TokenSequence(try Self.encodeASCII(file.bytes, name: file.path))
        }
    }

    private static func encodeASCII(_ bytes: some Sequence<UInt8>, name: String) throws -> [Int32] {
        try bytes.enumerated().map { place, byte in
            guard byte < 128 else {
                throw RecurrentError("\(name), byte \(place): \(byte) is not in the vocabulary of ASCII's 128 bytes")
            }
            return Int32(byte)
        }
    }

    /// The bytes, in UTF-8, of the tokens at some places of a text as it is read, and for words of the white space after
    /// them.
    package func byteCount(of text: String, tokens places: Range<Int>) -> Int {
        switch self {
        case .characters(let vocabulary):
            vocabulary.read(text).unicodeScalars.dropFirst(places.lowerBound).prefix(places.count)
                .reduce(0) { $0 + UTF8.width($1) }
        case .bytes, .ascii: places.count
        case .words(let vocabulary): vocabulary.splitting.part(of: text, words: places).utf8.count
        }
    }

    /// Turns the beginning of a text into token numbers, `limit` of them at most; what the vocabulary does not have is
    /// the `unknownToken`.
    package func encodeBeginning(of text: String, limit: Int) -> (tokens: [Int32], isCut: Bool) {
        func beginning<Part>(_ parts: some Collection<Part>, _ token: (Part) -> Int32) -> ([Int32], Bool) {
            (parts.prefix(limit).map(token), !parts.dropFirst(limit).isEmpty)
        }
        switch self {
        case .characters(let vocabulary):
            return beginning(vocabulary.read(text).unicodeScalars) { vocabulary.token(of: $0) ?? unknownToken }
        case .bytes: return beginning(text.utf8) { Int32($0) }
        case .ascii: return beginning(text.utf8) { $0 < 128 ? Int32($0) : unknownToken }
        case .words(let vocabulary): return beginning(vocabulary.encode(text)) { $0 }
        }
    }

    /// Turns token numbers into text. Bytes that cannot be printed become underscores; words are set as `WordSpacing`
    /// sets them.
    ///
    /// - Throws: `RecurrentError` with the first number that is outside the vocabulary.
    public func decode(_ tokens: some Sequence<Int32>) throws -> String {
        var writer = TokenWriter(self)
        return try tokens.map { try writer.text(of: $0) }.joined()
    }
}
