import Recurrent

/// The words of sentences for an encoder or a decoder: the four special tokens, then the most frequent words.
///
/// Words are told apart by `WordVocabulary`, whose unknown token becomes `SpecialToken.unknown`.
public struct SentenceVocabulary: Equatable, Sendable {
    /// The words.
    public let words: WordVocabulary

    /// How far a word's token is from that of `WordVocabulary`, whose unknown token is 0.
    private static let offset = SpecialToken.unknown - WordVocabulary.unknownToken

    /// The number of tokens, the special ones among them.
    public var size: Int { words.size + Int(Self.offset) }

    /// Takes over the words of a vocabulary.
    public init(_ words: WordVocabulary) { self.words = words }

    /// Collects the words of sentences.
    ///
    /// - Parameters:
    ///   - sentences: What the vocabulary is built from: those for training.
    ///   - limit: The largest `size`.
    ///   - minimumCount: How often a word must occur to be in the vocabulary.
    ///   - name: What errors call the sentences, usually the path of their file.
    /// - Throws: `RecurrentError` where the limit is less than 5 or there are no words.
    public init(
        of sentences: some Sequence<String>, limit: Int = .max, minimumCount: Int = 1, name: String = "the sentences"
    ) throws {
        guard limit > SpecialToken.names.count else {
            throw RecurrentError(
                "the limit of the vocabulary is \(limit); expected \(SpecialToken.names.count + 1) or more: a word, and "
                    + "the tokens \(SpecialToken.names.joined(separator: " "))")
        }
        words = try WordVocabulary(
            of: sentences, limit: limit - Int(Self.offset), minimumCount: minimumCount, name: name)
    }

    /// Turns a sentence into token numbers, one for each word.
    public func encode(_ sentence: String) -> [Int32] { words.encode(sentence).map { $0 + Self.offset } }

    /// The words of a sentence that the vocabulary does not have, each once, in order.
    public func unknownWords(in sentence: String) -> [String] { words.unknownWords(in: sentence) }

    /// Turns token numbers into words with spaces between them, up to the end token; padding and begin tokens are left
    /// out, and an unknown word is written `<unk>`.
    ///
    /// - Throws: `RecurrentError` with the first number that is no token of the vocabulary.
    public func decode(_ tokens: some Sequence<Int32>) throws -> String {
        try tokens.prefix { $0 != SpecialToken.end }
            .filter { $0 != SpecialToken.padding && $0 != SpecialToken.begin }
            .map { token in
                guard token >= 0, token < size else {
                    throw RecurrentError("token \(token) is outside the vocabulary; expected 0 to \(size - 1)")
                }
                return try words.word(of: token - Self.offset)
            }
            .joined(separator: " ")
    }
}

extension SentenceVocabulary: Codable {
    /// Reads the words as `WordVocabulary` does.
    public init(from decoder: any Decoder) throws { words = try WordVocabulary(from: decoder) }

    /// Writes the words as `WordVocabulary` does.
    public func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }
}
