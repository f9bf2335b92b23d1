import Foundation
import Recurrent

/// Sentences and their translations, in normal form: words and punctuation in small letters with spaces between them.
public struct SentencePairs: Equatable, Sendable, SeparableExamples {
    /// A sentence and one of its translations.
    public struct Pair: Hashable, Sendable {
        /// The sentence that is translated.
        public let source: String
        /// What it is translated to.
        public let target: String

        /// Puts sentences together that are in normal form.
        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// A sentence and all its translations.
    public struct Sentence: Equatable, Sendable {
        /// The sentence that is translated.
        public let source: String
        /// What it may be translated to, each once.
        public let translations: [String]
    }

    /// The pairs, in the order of the file. A sentence stands as often as it has translations.
    public let pairs: [Pair]
    /// How many pairs were left out because a sentence of them is empty.
    public let emptyCount: Int
    /// How many pairs were left out because a sentence of them has too many words.
    public let longCount: Int

    /// The number of pairs.
    public var count: Int { pairs.count }

    /// Takes pairs in normal form.
    public init(_ pairs: [Pair]) {
        self.pairs = pairs
        emptyCount = 0
        longCount = 0
    }

    /// Reads a file, gzipped or not, with cells between tabs: a sentence, its translation, and cells that do not matter.
    ///
    /// Lines of blanks are passed over. A pair is left out, and counted, where one of its sentences is empty or longer
    /// than the limit.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - sourceColumn: The column of the sentences that are translated, from 1.
    ///   - targetColumn: The column of their translations.
    ///   - limit: The most words, punctuation marks among them, that a sentence may have.
    ///   - encoding: How the bytes stand for characters, where that is not found out.
    /// - Throws: `RecurrentError` naming file and line where the line is not UTF-8 or has too few cells, and where no
    ///   pair is left.
    public init(
        path: String, sourceColumn: Int = 1, targetColumn: Int = 2, limit: Int = .max, encoding: TextEncoding? = nil
    ) throws {
        try self.init(
            TextLines(path: path, encoding: encoding), sourceColumn: sourceColumn, targetColumn: targetColumn,
            limit: limit)
    }

    init(_ file: TextLines, sourceColumn: Int, targetColumn: Int, limit: Int) throws {
        guard sourceColumn >= 1, targetColumn >= 1, sourceColumn != targetColumn, limit >= 1 else {
            throw RecurrentError(
                "the sentences stand in column \(sourceColumn), their translations in column \(targetColumn), with at "
                    + "most \(limit) words; expected two columns from 1, and 1 word or more")
        }
        var pairs: [Pair] = []
        var (emptyCount, longCount) = (file.emptyCount, 0)
        // Where there are but two columns, whole numbers may be what is meant.
        var hasOthers = false
        for (place, line) in file.lines.enumerated() {
            let cells = line.text.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard cells.count >= max(sourceColumn, targetColumn) else {
                throw RecurrentError(
                    "\(file.name), line \(line.number): the number of cells is \(cells.count); expected a sentence in "
                        + "column \(sourceColumn) and its translation in column \(targetColumn), with tabs between")
            }
            hasOthers = hasOthers || cells.count > 2
            let words = [sourceColumn, targetColumn].map { Self.words(in: String(Substring(cells[$0 - 1]))) }
            if place == 0, words.allSatisfy({ $0.count == 1 && Self.columnNames.contains($0[0]) }) { continue }
            if words.contains(where: \.isEmpty) {
                emptyCount += 1
            } else if words.contains(where: { $0.count > limit }) {
                longCount += 1
            } else {
                let sentences = words.map { $0.joined(separator: " ") }
                pairs.append(Pair(source: sentences[0], target: sentences[1]))
            }
        }
        guard !pairs.isEmpty else {
            let long = limit == .max ? "" : " and \(longCount) of more than \(limit) words"
            throw RecurrentError(
                "\(file.name): there are no pairs of sentences; \(emptyCount) empty ones\(long) were left out")
        }
        for (column, side) in [(sourceColumn, pairs.map(\.source)), (targetColumn, pairs.map(\.target))]
        where hasOthers && side.count > 1 && side.allSatisfy({ Int($0) != nil }) {
            throw RecurrentError(
                "\(file.name): column \(column) holds whole numbers alone; expected sentences: choose the columns with "
                    + "`sourceColumn` and `targetColumn`")
        }
        self.pairs = pairs
        self.emptyCount = emptyCount
        self.longCount = longCount
    }

    // What stands above sentences in files that name their columns, in the normal form.
    private static let columnNames: Set<String> = [
        "source", "target", "src", "tgt", "sentence", "translation", "english", "french", "german", "spanish",
        "italian",
        "portuguese", "dutch", "russian", "chinese", "japanese", "korean", "en", "fr", "de", "es", "it", "pt", "nl",
        "ru",
        "zh", "ja", "ko",
    ]

    /// The normal form of a sentence: composed characters (Unicode's form C), typographic apostrophes as plain ones,
    /// small letters, and a space between words and punctuation marks, which are told apart as `WordSplitting` does.
    public static func normalized(_ sentence: String) -> String { words(in: sentence).joined(separator: " ") }

    private static func words(in sentence: String) -> [String] {
        var text = sentence
        // Most text is ASCII, which has neither.
        if !text.utf8.allSatisfy({ $0 < 128 }) {
            text = NormalText.composed(text).replacingOccurrences(of: "\u{2019}", with: "'")
        }
        return WordSplitting.withoutBrackets.words(in: text)
    }

    /// The distinct sentences in the order in which they first occur, each with its distinct translations.
    public var sentences: [Sentence] {
        var order: [String] = []
        var translations: [String: [String]] = [:]
        var seen = Set<Pair>()
        for pair in pairs where seen.insert(pair).inserted {
            if translations[pair.source] == nil { order.append(pair.source) }
            translations[pair.source, default: []].append(pair.target)
        }
        return order.map { Sentence(source: $0, translations: translations[$0] ?? []) }
    }

    /// Divides the pairs into three parts, so that every distinct source sentence stands in one part only, with all its
    /// translations. The fractions are those of the distinct sentences, and every part keeps the order of the whole.
    public func divided(by division: Division) -> Parts<SentencePairs> {
        division.places(groups: pairs.map(\.source)).map { places in SentencePairs(places.map { pairs[$0] }) }
    }
}
