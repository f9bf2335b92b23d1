import Recurrent

/// The most frequent words of some texts, numbered from 1; 0 stands for every other word, and for `<unk>` where a text
/// has that itself.
public struct WordVocabulary: Equatable, Sendable {
    /// The token of a word that the vocabulary does not have.
    public static let unknownToken: Int32 = 0
    /// How the unknown token is written.
    package static let unknownWord = "<unk>"

    /// The words, the most frequent first, and those of one frequency in alphabetical order. The word of token n is at
    /// the place n - 1.
    public let words: [String]
    /// How texts are cut into words.
    public let splitting: WordSplitting
    private let numbers: [String: Int32]

    /// How many tokens there are, with the unknown one: at least 2.
    public var size: Int { words.count + 1 }

    /// Collects the words of texts.
    ///
    /// - Parameters:
    ///   - texts: What the vocabulary is built from: those for training.
    ///   - splitting: How texts are cut into words.
    ///   - limit: The largest `size`.
    ///   - minimumCount: How often a word must occur to be in the vocabulary.
    ///   - name: What errors call the texts, usually the path of their file.
    /// - Throws: `RecurrentError` where the limit is less than 2 or no word occurs often enough.
    public init(
        of texts: some Sequence<String>, splitting: WordSplitting = WordSplitting(isLowercased: true),
        limit: Int = .max, minimumCount: Int = 1, name: String = "the texts"
    ) throws {
        var counts = WordCounts()
        for text in texts { splitting.forEachWordInBytes(in: text) { counts.add($0) } }
        try self.init(counts, splitting: splitting, limit: limit, minimumCount: minimumCount, name: name)
    }

    /// Collects the first words of one text, so many of them, as the other initialiser does.
    package init(
        ofFirst count: Int, of text: String, splitting: WordSplitting, limit: Int, name: String
    ) throws {
        var counts = WordCounts()
        var left = count
        splitting.forEachWordInBytes(in: text) { word in
            guard left > 0 else { return }
            counts.add(word)
            left -= 1
        }
        try self.init(counts, splitting: splitting, limit: limit, minimumCount: 1, name: name)
    }

    private init(
        _ counts: WordCounts, splitting: WordSplitting, limit: Int, minimumCount: Int, name: String
    ) throws {
        guard limit >= 2 else {
            throw RecurrentError(
                "the limit of the vocabulary is \(limit); expected 2 or more: a word, and the unknown one")
        }
        let counted = counts.byFrequency.filter { $0.word != Self.unknownWord }
        guard !counted.isEmpty else { throw RecurrentError("\(name): there are no words; expected some to learn from") }
        let kept = counted.prefix { $0.count >= minimumCount }
        guard !kept.isEmpty else {
            throw RecurrentError("\(name): no word occurs \(minimumCount) times, as a word of the vocabulary must")
        }
        self.init(words: kept.prefix(limit - 1).map(\.word), splitting: splitting)
    }

    private init(words: [String], splitting: WordSplitting) {
        self.words = words
        self.splitting = splitting
        numbers = Dictionary(zip(words, 1...)) { first, _ in first }
    }

    /// The token of a word as the splitting gives it, or nil where the vocabulary does not have it.
    public func token(of word: String) -> Int32? { numbers[word] }

    /// Turns a text into token numbers, one for each word; none for a text of white space.
    public func encode(_ text: String) -> [Int32] {
        var tokens: [Int32] = []
        splitting.forEachWord(in: text) { tokens.append(numbers[$0] ?? Self.unknownToken) }
        return tokens
    }

    /// The tokens of a long text, some thousands at a time.
    func forEachPiece(of text: String, _ body: (UnsafeBufferPointer<Int32>) -> Void) {
        var recent = RecentWords()
        var filled = 0
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4096) { piece in
            splitting.forEachWordInBytes(in: text) { word in
                if let token = recent[word] {
                    piece[filled] = token
                } else {
                    piece[filled] = numbers[String(decoding: word, as: UTF8.self)] ?? Self.unknownToken
                    recent[word] = piece[filled]
                }
                filled += 1
                if filled == piece.count {
                    body(UnsafeBufferPointer(piece))
                    filled = 0
                }
            }
            body(UnsafeBufferPointer(rebasing: piece[..<filled]))
        }
    }

    /// The words of a text that the vocabulary does not have, each once, in order.
    public func unknownWords(in text: String) -> [String] {
        var seen: Set<String> = [Self.unknownWord]
        return splitting.words(in: text).filter { numbers[$0] == nil && seen.insert($0).inserted }
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
}

extension WordVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case words
    }

    /// Reads `{"lowercased": true, "words": [...]}` with what else `WordSplitting` reads, and checks that each is a word
    /// and occurs once.
    public init(from decoder: any Decoder) throws {
        let splitting = try WordSplitting(from: decoder)
        let words = try decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .words)
        var seen: Set<String> = [Self.unknownWord]
        for (index, word) in words.enumerated() {
            guard splitting.words(in: word) == [word], seen.insert(word).inserted else {
                throw RecurrentError("words[\(index)] is \"\(word.prefix(40))\"; expected single words, each once")
            }
        }
        guard !words.isEmpty else { throw RecurrentError("words is empty; expected at least one word") }
        self.init(words: words, splitting: splitting)
    }

    /// Writes what the initialiser reads.
    public func encode(to encoder: any Encoder) throws {
        try splitting.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(words, forKey: .words)
    }
}
