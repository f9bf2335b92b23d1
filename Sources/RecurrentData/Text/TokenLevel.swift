/// What a token of a text is.
public enum TokenLevel: String, Codable, Sendable, CaseIterable {
    /// A Unicode scalar.
    case character
    /// A byte.
    case byte
    /// A word, a punctuation mark, or where lines count the end of one.
    case word
}
