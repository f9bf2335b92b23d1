/// Turns tokens into text one by one, as they are generated.
///
/// A character or byte is written the same wherever it stands; a word depends on what stands before it.
public struct TokenWriter: Sendable {
    private let vocabulary: TextVocabulary
    private var spacing: WordSpacing

    /// Makes a writer at the beginning of a text.
    public init(_ vocabulary: TextVocabulary) {
        self.vocabulary = vocabulary
        if case .words(let words) = vocabulary {
            spacing = WordSpacing(separator: words.splitting.separator)
        } else {
            spacing = WordSpacing()
        }
    }

    /// The text of the next token; with words, the blank before it as well, where one belongs there.
    ///
    /// - Throws: `RecurrentError` where the number is outside the vocabulary.
    public mutating func text(of token: Int32) throws -> String {
        switch vocabulary {
        case .characters(let vocabulary): try vocabulary.decode(CollectionOfOne(token))
        case .bytes, .ascii: try ByteVocabulary().decode(CollectionOfOne(token))
        case .words(let vocabulary): spacing.text(of: try vocabulary.word(of: token))
        }
    }
}
