/// How a text is cut into words.
///
///     WordSplitting(isLowercased: true).words(in: "Don't stop <unk>!")               // don't, stop, <unk>, !
///     WordSplitting(separator: .whitespace).words(in: "the N-th unit 's <unk>")      // the, N-th, unit, 's, <unk>
public struct WordSplitting: Equatable, Sendable {
    /// What ends a word.
    public enum Separator: String, Codable, Sendable, CaseIterable {
        /// White space, and whatever is no letter, digit, mark or underscore, nor an apostrophe between two of them, as
        /// in "don't": every such character, a full stop for example, is a word of its own.
        case punctuation
        /// White space alone, as in texts that have been cut into words before.
        case whitespace
    }

    /// What ends a word.
    public let separator: Separator
    /// Whether capital letters are read as small ones.
    public let isLowercased: Bool
    /// Whether a newline is a word, rather than white space.
    public let keepsNewlines: Bool
    /// Whether `<unk>`, `</s>` and what else stands like that in angle brackets is one word. It is not in vocabularies
    /// that were stored by version 0.1.
    let keepsBracketed: Bool

    /// Makes a way to cut texts.
    public init(separator: Separator = .punctuation, isLowercased: Bool = false, keepsNewlines: Bool = false) {
        self.init(
            separator: separator, isLowercased: isLowercased, keepsNewlines: keepsNewlines, keepsBracketed: true)
    }

    private init(separator: Separator, isLowercased: Bool, keepsNewlines: Bool, keepsBracketed: Bool) {
        self.separator = separator
        self.isLowercased = isLowercased
        self.keepsNewlines = keepsNewlines
        self.keepsBracketed = keepsBracketed
    }

    /// The words of a text, in order.
    public func words(in text: String) -> [String] {
        var words: [String] = []
        forEachWord(in: text) { words.append(String($0)) }
        return words
    }

    /// What of a text (or of its small letters) is between the beginnings of two words, given by their numbers from 0; to
    /// the end of the text where it has no more than so many words.
    package func part(of text: String, words: Range<Int>) -> Substring {
        var (number, start, end) = (0, nil as Substring?, nil as Substring?)
        forEachWord(in: text) { word in
            if number == words.lowerBound { start = word }
            if number == words.upperBound { end = word }
            number += 1
        }
        guard let start else { return "" }
        return start.base[start.startIndex..<(end?.startIndex ?? start.base.endIndex)]
    }

    /// Calls `body` with every word of a text, in order, as the part of the text (or of its small letters) that it is.
    package func forEachWord(in text: String, _ body: (Substring) throws -> Void) rethrows {
        let text = isLowercased ? text.lowercased() : text
        let scalars = text.unicodeScalars
        var start: String.Index?
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let next = scalars.index(after: index)
            if isPart(scalars[index], isInside: start != nil, next: next, scalars) {
                start = start ?? index
                index = next
                continue
            }
            if let begun = start { try body(text[begun..<index]) }
            start = nil
            if separator == .punctuation, let end = endOfBracketed(at: index, scalars) {
                try body(text[index..<end])
                index = end
                continue
            }
            let isNewline = scalars[index] == "\n"
            if isNewline && keepsNewlines || !scalars[index].properties.isWhitespace { try body(text[index..<next]) }
            index = next
        }
        if let begun = start { try body(text[begun...]) }
    }

    private func isPart(
        _ scalar: Unicode.Scalar, isInside: Bool, next: String.Index, _ scalars: String.UnicodeScalarView
    ) -> Bool {
        switch separator {
        case .whitespace: return !scalar.properties.isWhitespace
        case .punctuation:
            if Self.isOfWord(scalar) { return true }
            let joins = scalar == "'" || scalar == "\u{2019}"
            return joins && isInside && next < scalars.endIndex && Self.isOfWord(scalars[next])
        }
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": return true
        case ..."\u{7F}": return false
        default:
            let properties = scalar.properties
            return properties.isAlphabetic || properties.numericType != nil
                || [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
        }
    }

    /// Where a token in angle brackets that begins here ends; nil where none does. Between the brackets are letters,
    /// digits and `_ - | /`, among them a letter.
    private func endOfBracketed(at index: String.Index, _ scalars: String.UnicodeScalarView) -> String.Index? {
        guard keepsBracketed, scalars[index] == "<" else { return nil }
        var hasLetter = false
        for place in scalars[index...].indices.dropFirst() {
            let scalar = scalars[place]
            if scalar == ">" { return hasLetter ? scalars.index(after: place) : nil }
            guard Self.isOfWord(scalar) || "-|/".unicodeScalars.contains(scalar) else { return nil }
            hasLetter = hasLetter || scalar.properties.isAlphabetic
        }
        return nil
    }
}

extension WordSplitting: Codable {
    private enum CodingKeys: String, CodingKey {
        case separator
        case isLowercased = "lowercased"
        case keepsNewlines = "newlines"
        case keepsBracketed = "bracketed"
    }

    /// Reads `{"separator": "punctuation", "lowercased": true, "newlines": false, "bracketed": true}`, where only
    /// `lowercased` must be.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            separator: try container.decodeIfPresent(Separator.self, forKey: .separator) ?? .punctuation,
            isLowercased: try container.decode(Bool.self, forKey: .isLowercased),
            keepsNewlines: try container.decodeIfPresent(Bool.self, forKey: .keepsNewlines) ?? false,
            keepsBracketed: try container.decodeIfPresent(Bool.self, forKey: .keepsBracketed) ?? false)
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if separator != .punctuation { try container.encode(separator, forKey: .separator) }
        try container.encode(isLowercased, forKey: .isLowercased)
        if keepsNewlines { try container.encode(true, forKey: .keepsNewlines) }
        if keepsBracketed { try container.encode(true, forKey: .keepsBracketed) }
    }
}
