import Recurrent

/// Words with signs, as in "king - man + woman".
package struct WordSum {
    package let terms: [(word: String, weight: Float)]

    /// - Throws: `RecurrentError` where words and signs do not alternate.
    package init(_ text: String) throws {
        var terms: [(word: String, weight: Float)] = []
        var sign: Float? = 1
        for part in text.lowercased().split(whereSeparator: \.isWhitespace) {
            if part == "+" || part == "-" {
                guard sign == nil || terms.isEmpty else { throw Self.error(text) }
                sign = part == "+" ? 1 : -1
            } else {
                guard let weight = sign else { throw Self.error(text) }
                terms.append((String(part), weight))
                sign = nil
            }
        }
        guard sign == nil else { throw Self.error(text) }
        self.terms = terms
    }

    private static func error(_ text: String) -> RecurrentError {
        RecurrentError("\"\(text.prefix(60))\" is not a word, nor words with + and - between them: king - man + woman")
    }
}
