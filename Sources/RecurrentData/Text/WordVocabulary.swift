import Recurrent

/// The most frequent words of some texts, numbered from 1; 0 stands for every other word.
///
/// White space separates words. Letters, digits, marks and underscores make a word, and so does an apostrophe between
/// two of them, as in "don't"; every other character, such as a full stop, is a word of its own. So is the end of a line
/// where lines count.
public struct WordVocabulary: Equatable, Sendable {
    /// The token of a word that the vocabulary does not have.
    public static let unknownToken: Int32 = 0
    /// How the unknown token is written. No word is, as its brackets are words of their own.
    package static let unknownWord = "<unk>"

    /// The words, the most frequent first, and those of one frequency in alphabetical order. The word of token n is at
    /// the place n - 1.
    public let words: [String]
    /// Whether capital letters are read as small ones.
    public let isLowercased: Bool
    /// Whether a newline is a word, rather than white space.
    public let keepsNewlines: Bool
    private let numbers: [String: Int32]

    /// How many tokens there are, with the unknown one: at least 2.
    public var size: Int { words.count + 1 }

    /// Collects the words of texts.
    ///
    /// - Parameters:
    ///   - texts: What the vocabulary is built from: those for training.
    ///   - limit: The largest `size`.
    ///   - minimumCount: How often a word must occur to be in the vocabulary.
    ///   - isLowercased: Whether capital letters are read as small ones.
    ///   - keepsNewlines: Whether a newline is a word.
    ///   - name: What errors call the texts, usually the path of their file.
    /// - Throws: `RecurrentError` where the limit is less than 2 or no word occurs often enough.
    public init(
        of texts: some Sequence<String>, limit: Int = .max, minimumCount: Int = 1, isLowercased: Bool = true,
        keepsNewlines: Bool = false, name: String = "the texts"
    ) throws {
        try self.init(
            counting: texts.lazy.flatMap {
                Self.words(in: $0, isLowercased: isLowercased, keepsNewlines: keepsNewlines)
            }, limit: limit, minimumCount: minimumCount, isLowercased: isLowercased, keepsNewlines: keepsNewlines,
            name: name)
    }

    /// Collects words that `words(in:isLowercased:keepsNewlines:)` gave, with the same choices.
    ///
    /// - Throws: `RecurrentError` as the initialiser that takes texts.
    package init(
        counting words: some Sequence<String>, limit: Int, minimumCount: Int = 1, isLowercased: Bool,
        keepsNewlines: Bool, name: String
    ) throws {
        guard limit >= 2 else {
            throw RecurrentError(
                "the limit of the vocabulary is \(limit); expected 2 or more: a word, and the unknown one")
        }
        let counted = Self.counted(words)
        guard !counted.isEmpty else { throw RecurrentError("\(name): there are no words; expected some to learn from") }
        let kept = counted.prefix { $0.value >= minimumCount }
        guard !kept.isEmpty else {
            throw RecurrentError("\(name): no word occurs \(minimumCount) times, as a word of the vocabulary must")
        }
        self.init(words: kept.prefix(limit - 1).map(\.key), isLowercased: isLowercased, keepsNewlines: keepsNewlines)
    }

    /// Every word with the number of its occurrences, the most frequent first, those of one frequency in alphabetical
    /// order.
    static func counted(_ words: some Sequence<String>) -> [(key: String, value: Int)] {
        var counts: [String: Int] = [:]
        for word in words { counts[word, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    }

    private init(words: [String], isLowercased: Bool, keepsNewlines: Bool) {
        self.words = words
        self.isLowercased = isLowercased
        self.keepsNewlines = keepsNewlines
        numbers = Dictionary(zip(words, 1...)) { first, _ in first }
    }

    /// The token of a word as `words(in:isLowercased:keepsNewlines:)` gives it, or nil where the vocabulary does not
    /// have it.
    public func token(of word: String) -> Int32? { numbers[word] }

    /// Turns a text into token numbers, one for each word; none for a text of white space.
    public func encode(_ text: String) -> [Int32] {
        words(in: text).map { numbers[$0] ?? Self.unknownToken }
    }

    /// The words of a text that the vocabulary does not have, each once, in order.
    public func unknownWords(in text: String) -> [String] {
        var seen = Set<String>()
        return words(in: text).filter { numbers[$0] == nil && seen.insert($0).inserted }
    }

    private func words(in text: String) -> [String] {
        Self.words(in: text, isLowercased: isLowercased, keepsNewlines: keepsNewlines)
    }

    /// The word of a token, `<unk>` for the unknown one.
    ///
    /// - Throws: `RecurrentError` where it is no token of the vocabulary.
    public func word(of token: Int32) throws -> String {
        guard token >= 0, token < size else {
            throw RecurrentError("token \(token) is outside the vocabulary; expected 0 to \(size - 1)")
        }
        return token == Self.unknownToken ? Self.unknownWord : words[Int(token) - 1]
    }

    /// The words of a text, in order.
    public static func words(in text: String, isLowercased: Bool, keepsNewlines: Bool = false) -> [String] {
        let scalars = Array((isLowercased ? text.lowercased() : text).unicodeScalars)
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func isPart(_ place: Int) -> Bool {
            let properties = scalars[place].properties
            return properties.isAlphabetic || properties.numericType != nil || scalars[place] == "_"
                || [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
        }
        for (place, scalar) in scalars.enumerated() {
            let joins = scalar == "'" || scalar == "\u{2019}"
            if isPart(place) || joins && !word.isEmpty && place + 1 < scalars.count && isPart(place + 1) {
                word.append(scalar)
                continue
            }
            if !word.isEmpty { words.append(String(word)) }
            word = String.UnicodeScalarView()
            if keepsNewlines && scalar == "\n" || !scalar.properties.isWhitespace { words.append(String(scalar)) }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }
}

extension WordVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case isLowercased = "lowercased"
        case keepsNewlines = "newlines"
        case words
    }

    /// Reads `{"lowercased": true, "newlines": false, "words": [...]}`, where newlines may be left out, and checks that each is a word and occurs once.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let isLowercased = try container.decode(Bool.self, forKey: .isLowercased)
        let keepsNewlines = try container.decodeIfPresent(Bool.self, forKey: .keepsNewlines) ?? false
        let words = try container.decode([String].self, forKey: .words)
        var seen = Set<String>()
        for (index, word) in words.enumerated() {
            let found = Self.words(in: word, isLowercased: isLowercased, keepsNewlines: keepsNewlines)
            guard found == [word], seen.insert(word).inserted else {
                throw RecurrentError("words[\(index)] is \"\(word.prefix(40))\"; expected single words, each once")
            }
        }
        guard !words.isEmpty else { throw RecurrentError("words is empty; expected at least one word") }
        self.init(words: words, isLowercased: isLowercased, keepsNewlines: keepsNewlines)
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isLowercased, forKey: .isLowercased)
        if keepsNewlines { try container.encode(true, forKey: .keepsNewlines) }
        try container.encode(words, forKey: .words)
    }
}
