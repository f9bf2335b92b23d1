import Recurrent

extension TextVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case level, ascii
    }

    /// Reads `{"level": "byte"}`, `{"level": "byte", "ascii": true}`, `{"level": "character", "characters": [...]}` or
    /// `{"level": "word", "words": [...], ...}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .level)
        switch TokenLevel(rawValue: name) {
        case .byte: self = try container.decodeIfPresent(Bool.self, forKey: .ascii) == true ? .ascii : .bytes
        case .character: self = .characters(try CharacterVocabulary(from: decoder))
        case .word: self = .words(try WordVocabulary(from: decoder))
        case nil:
            let known = TokenLevel.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw RecurrentError("level is \"\(name.prefix(20))\"; expected one of \(known)")
        }
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(level, forKey: .level)
        switch self {
        case .bytes: break
        case .ascii: try container.encode(true, forKey: .ascii)
        case .characters(let vocabulary): try vocabulary.encode(to: encoder)
        case .words(let vocabulary): try vocabulary.encode(to: encoder)
        }
    }
}
