/// What a text is cut into for a network: characters, or bytes.
///
/// Every token is decoded on its own, so that a text can be written token by token as it is generated.
public enum TextVocabulary: Equatable, Sendable {
    /// The Unicode scalars of the training text.
    case characters(CharacterVocabulary)
    /// The 256 bytes.
    case bytes

    /// How many tokens there are.
    public var size: Int {
        switch self {
        case .characters(let vocabulary): vocabulary.size
        case .bytes: ByteVocabulary().size
        }
    }

    /// The token that a text generated without a prompt begins after; it is not part of the text.
    ///
    /// An underscore for bytes. A newline for characters, or where the training text had none, the first character.
    public var startToken: Int32 {
        switch self {
        case .characters(let vocabulary): vocabulary.token(of: "\n") ?? 0
        case .bytes: ByteVocabulary.startToken
        }
    }

    /// Turns a text into token numbers: one for each Unicode scalar, or for each byte of its UTF-8 form.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: What errors call the text: "the prompt", or the path of a file.
    /// - Throws: `RecurrentError` with the first character outside the vocabulary and its place.
    public func encode(_ text: String, name: String = "the text") throws -> [Int32] {
        switch self {
        case .characters(let vocabulary): try vocabulary.encode(text, name: name)
        case .bytes: ByteVocabulary().encode(text.utf8)
        }
    }

    /// Turns the contents of a file into token numbers.
    ///
    /// - Throws: `RecurrentError` where characters are asked for and the file is not UTF-8 or has others than these.
    public func encode(_ file: TextFile) throws -> [Int32] {
        switch self {
        case .characters(let vocabulary): try vocabulary.encode(file.text(), name: file.path)
        case .bytes: ByteVocabulary().encode(file.bytes)
        }
    }

    /// Turns token numbers into text; with bytes, those that cannot be printed become underscores.
    ///
    /// - Throws: `RecurrentError` with the first number that is outside the vocabulary.
    public func decode(_ tokens: some Sequence<Int32>) throws -> String {
        switch self {
        case .characters(let vocabulary): try vocabulary.decode(tokens)
        case .bytes: try ByteVocabulary().decode(tokens)
        }
    }

    /// Turns one token number into text.
    ///
    /// - Throws: `RecurrentError` where it is outside the vocabulary.
    public func decode(_ token: Int32) throws -> String {
        try decode(CollectionOfOne(token))
    }
}

extension TextVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case level
    }

    /// Reads `{"level": "byte"}` or `{"level": "character", "characters": [...]}`.
    public init(from decoder: any Decoder) throws {
        let level = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .level)
        switch level {
        case "byte": self = .bytes
        case "character": self = .characters(try CharacterVocabulary(from: decoder))
        default: throw RecurrentError("level is \"\(level.prefix(20))\"; expected \"character\" or \"byte\"")
        }
    }

    /// Writes `{"level": "byte"}` or `{"level": "character", "characters": [...]}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .bytes:
            try container.encode("byte", forKey: .level)
        case .characters(let vocabulary):
            try container.encode("character", forKey: .level)
            try vocabulary.encode(to: encoder)
        }
    }
}
