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
        /// White space alone, as in texts that are tokenized already.
        case whitespace
    }

    /// What ends a word.
    public let separator: Separator
    /// Whether capital letters are read as small ones.
    public let isLowercased: Bool
    /// Whether a newline is a word, rather than white space.
    public let keepsNewlines: Bool
    /// Whether `<unk>`, `</s>` and what else stands like that in angle brackets is one word, and lines that end in CR alone
    /// count. Vocabularies that were stored by version 0.1 know neither.
    let keepsBracketed: Bool

    /// Makes a way to cut texts.
    public init(separator: Separator = .punctuation, isLowercased: Bool = false, keepsNewlines: Bool = false) {
        self.init(
            separator: separator, isLowercased: isLowercased, keepsNewlines: keepsNewlines, keepsBracketed: true)
    }

    /// As version 0.1 cut texts, and sentences to be translated and texts for vectors still are.
    package static let withoutBrackets = WordSplitting(
        separator: .punctuation, isLowercased: true, keepsNewlines: false, keepsBracketed: false)

    private init(separator: Separator, isLowercased: Bool, keepsNewlines: Bool, keepsBracketed: Bool) {
        self.separator = separator
        self.isLowercased = isLowercased
        self.keepsNewlines = keepsNewlines
        self.keepsBracketed = keepsBracketed
    }

    /// The words of a text, in order.
    public func words(in text: String) -> [String] {
        var words: [String] = []
        forEachWord(in: text) { words.append($0) }
        return words
    }

    /// Calls `body` with every word of a text, in order.
    package func forEachWord(in text: String, _ body: (String) -> Void) {
        forEachWordInBytes(in: text) { body(String(decoding: $0, as: UTF8.self)) }
    }

    /// Calls `body` with the bytes of every word of a text, in order.
    func forEachWordInBytes(in text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withPlaces(in: text) { text, place in body(text.bytes(place)) }
    }

    /// The number of words of a text.
    package func wordCount(of text: String) -> Int {
        var count = 0
        withPlaces(in: text) { _, _ in count += 1 }
        return count
    }

    /// What of a text (or of its small letters) is between the beginnings of two words, given by their numbers from 0; to
    /// the end of the text where it has no more than so many words.
    package func part(of text: String, words: Range<Int>) -> Substring {
        var (number, start, end) = (0, nil as Int?, nil as Int?)
        withPlaces(in: text) { _, place in
            if number == words.lowerBound { start = place.lowerBound }
            if number == words.upperBound { end = place.lowerBound }
            number += 1
        }
        guard let start else { return "" }
        let read = read(text)
        let bytes = read.utf8
        func index(_ offset: Int) -> String.Index { bytes.index(bytes.startIndex, offsetBy: offset) }
        return read[index(start)..<(end.map(index) ?? bytes.endIndex)]
    }

    private func read(_ text: String) -> String {
        let text = keepsBracketed && keepsNewlines ? NormalText.withNewlines(text) : text
        return isLowercased ? text.lowercased() : text
    }

    /// Calls `body` with the place of every word among the text's bytes.
    private func withPlaces(in text: String, _ body: (UTF8Text, Range<Int>) -> Void) {
        var text = read(text)
        text.withUTF8 { bytes in
            let text = UTF8Text(bytes)
            switch separator {
            case .punctuation: punctuated(text) { body(text, $0) }
            case .whitespace: separated(text) { body(text, $0) }
            }
        }
    }

    private func separated(_ text: UTF8Text, _ body: (Range<Int>) -> Void) {
        let kinds = ScalarKinds.all
        var (start, place) = (nil as Int?, 0)
        while place < text.count {
            let (scalar, length) = text.scalar(at: place)
            let kind = kinds[scalar]
            if kind == .white || kind == .newline {
                if let begun = start { body(begun..<place) }
                start = nil
                if kind == .newline && keepsNewlines { body(place..<place + length) }
            } else if start == nil {
                start = place
            }
            place += length
        }
        if let begun = start { body(begun..<text.count) }
    }

    private func punctuated(_ text: UTF8Text, _ body: (Range<Int>) -> Void) {
        let kinds = ScalarKinds.all
        var (start, place) = (nil as Int?, 0)
        func isWord(at place: Int) -> Bool { place < text.count && kinds[text.scalar(at: place).value] == .word }
        while place < text.count {
            let (scalar, length) = text.scalar(at: place)
            let kind = kinds[scalar]
            if kind == .word || kind == .apostrophe && start != nil && isWord(at: place + length) {
                start = start ?? place
                place += length
                continue
            }
            if let begun = start { body(begun..<place) }
            start = nil
            if keepsBracketed, kind == .bracket, let end = endOfBracketed(text, from: place) {
                body(place..<end)
                place = end
                continue
            }
            if kind == .newline && keepsNewlines || kind != .white && kind != .newline { body(place..<place + length) }
            place += length
        }
        if let begun = start { body(begun..<text.count) }
    }

    /// Where a token in angle brackets that begins here ends; nil where none does. Between the brackets are letters,
    /// digits and `_ - | /`, among them a letter.
    private func endOfBracketed(_ text: UTF8Text, from start: Int) -> Int? {
        var (hasLetter, place) = (false, start + 1)
        while place < text.count {
            let (value, length) = text.scalar(at: place)
            if value == 0x3E { return hasLetter ? place + 1 : nil }
            let isJoining = value == 0x2D || value == 0x7C || value == 0x2F
            guard isJoining || ScalarKind(value) == .word else { return nil }
            hasLetter = hasLetter || Unicode.Scalar(value)?.properties.isAlphabetic == true
            place += length
        }
        return nil
    }
}

/// What a scalar is for the words of a text.
private enum ScalarKind {
    /// A letter, digit, mark or underscore.
    case word
    /// White space other than a newline.
    case white
    case newline
    /// What joins two parts of a word.
    case apostrophe
    /// An opening angle bracket.
    case bracket
    case other

    init(_ value: UInt32) {
        guard let scalar = Unicode.Scalar(value) else {
            self = .other
            return
        }
        let properties = scalar.properties
        switch scalar {
        case "\n": self = .newline
        case "'", "\u{2019}": self = .apostrophe
        case "<": self = .bracket
        case _ where properties.isWhitespace: self = .white
        case "_": self = .word
        default:
            let isPart =
                properties.isAlphabetic || properties.numericType != nil
                || [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
            self = isPart ? .word : .other
        }
    }
}

/// The kinds of scalars, those of ASCII looked up.
private struct ScalarKinds {
    static let all = ScalarKinds()
    private let ofASCII = (0..<128).map { ScalarKind($0) }

    @inline(__always)
    subscript(value: UInt32) -> ScalarKind { value < 128 ? ofASCII[Int(value)] : ScalarKind(value) }
}

extension WordSplitting: Codable {
    private enum CodingKeys: String, CodingKey {
        case separator
        case isLowercased = "lowercased"
        case keepsNewlines = "newlines"
        case keepsBracketed = "bracketed"
    }

    /// Reads `{"separator": "punctuation", "lowercased": true, "newlines": false, "bracketed": true}`, where only
    /// `lowercased` is required.
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
