/// What a text is cut into for a classifier.
///
/// A token that the vocabulary does not have is not an error: texts to be classified may have any.
public enum ClassifyVocabulary: Equatable, Sendable {
    /// The 128 bytes of ASCII. Every other byte is the token -1, whose one-hot vector is zero.
    case bytes
    /// The Unicode scalars of the training texts. Every other is the token -1, whose one-hot vector is zero.
    case characters(CharacterVocabulary)
    /// The words of the training texts. Every other is the token 0.
    case words(WordVocabulary)

    /// The vocabulary of a level, made of the texts for training.
    ///
    /// - Throws: `RecurrentError` where the texts have no words, or fewer than two different characters.
    public init(_ level: ClassifyConfiguration.Level, of texts: [String], name: String) throws {
        switch level {
        case .byte: self = .bytes
        case .character: self = .characters(try CharacterVocabulary(of: texts.joined(), name: name))
        case .word: self = .words(try WordVocabulary(of: texts, name: name))
        }
    }

    /// The level that the vocabulary is of.
    public var level: ClassifyConfiguration.Level {
        switch self {
        case .bytes: .byte
        case .characters: .character
        case .words: .word
        }
    }

    /// How many tokens there are: the width of one-hot vectors, or the number of words' vectors.
    public var size: Int {
        switch self {
        case .bytes: 128
        case .characters(let vocabulary): vocabulary.size
        case .words(let vocabulary): vocabulary.size
        }
    }

    /// The token that stands for all that the vocabulary does not have.
    public var unknownToken: Int32 {
        level == .word ? WordVocabulary.unknownToken : -1
    }

    /// Turns the beginning of a text into token numbers, `limit` of them at most.
    public func encode(_ text: String, limit: Int) -> (tokens: [Int32], isCut: Bool) {
        func tokens<Part>(_ parts: some Collection<Part>, _ token: (Part) -> Int32) -> ([Int32], Bool) {
            let tokens = parts.prefix(limit).map(token)
            return (tokens, parts.dropFirst(limit).isEmpty == false)
        }
        switch self {
        case .bytes: return tokens(text.utf8) { $0 < 128 ? Int32($0) : -1 }
        case .characters(let vocabulary): return tokens(text.unicodeScalars) { vocabulary.token(of: $0) ?? -1 }
        case .words(let vocabulary): return tokens(vocabulary.encode(text)) { $0 }
        }
    }
}

extension ClassifyVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case level
    }

    /// Reads `{"level": "byte"}`, `{"level": "character", "characters": [...]}` or `{"level": "word", "words": [...]}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(ClassifyConfiguration.Level.self, forKey: .level) {
        case .byte: self = .bytes
        case .character: self = .characters(try CharacterVocabulary(from: decoder))
        case .word: self = .words(try WordVocabulary(from: decoder))
        }
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(level, forKey: .level)
        switch self {
        case .bytes: break
        case .characters(let vocabulary): try vocabulary.encode(to: encoder)
        case .words(let vocabulary): try vocabulary.encode(to: encoder)
        }
    }
}
