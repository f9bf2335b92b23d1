import Foundation

/// How many words, pairs, triples and quadruples of words translations share with reference translations: corpus BLEU
/// (Papineni et al. 2002), case-insensitive, as sacrebleu computes it.
///
///     var bleu = CorpusBLEU()
///     bleu.add("the cat sat .", references: ["the cat sat down .", "a cat sat ."])
///     print(bleu.score)
///
/// The same as sacrebleu's `corpus_bleu(..., lowercase=True, tokenize="none")`: white space separates words, so that
/// sentences are given with their punctuation marks apart; a sentence may have several references, of which the one
/// nearest in length counts for the brevity penalty; where no quadruple is right, say, its precision is smoothed
/// (`exp`).
public struct CorpusBLEU: Equatable, Sendable {
    /// The longest sequences of words that are compared.
    static let order = 4

    /// How many sequences of 1, 2, 3 and 4 words of the translations occur in a reference, each at most as often as
    /// there.
    private(set) var matches = [Int](repeating: 0, count: order)
    /// How many sequences of 1, 2, 3 and 4 words the translations have.
    private(set) var totals = [Int](repeating: 0, count: order)
    /// The number of words of the translations.
    private(set) var hypothesisLength = 0
    /// The number of words of the references, of each sentence the one nearest to the translation's, of equally near
    /// ones the less.
    private(set) var referenceLength = 0

    /// No sentences yet.
    public init() {}

    /// Counts a translation, which may be empty, and its references, of which there must be one or more.
    public mutating func add(_ hypothesis: String, references: [String]) {
        require(!references.isEmpty, "a translation to be judged has no reference")
        let words = Self.words(hypothesis)
        let others = references.map(Self.words)
        hypothesisLength += words.count
        referenceLength +=
            others.map(\.count).min { one, other in
                (abs(one - words.count), one) < (abs(other - words.count), other)
            } ?? 0
        for length in 1...Self.order {
            var most: [ArraySlice<String>: Int] = [:]
            for other in others { most.merge(Self.counts(other, length)) { max($0, $1) } }
            let own = Self.counts(words, length)
            totals[length - 1] += max(0, words.count - length + 1)
            matches[length - 1] += own.reduce(0) { $0 + min($1.value, most[$1.key] ?? 0) }
        }
    }

    /// The share of matches among the sequences of 1, 2, 3 and 4 words, in per cent; a share of nothing is smoothed to
    /// a half, a quarter, ... of one match. All are 0 where nothing matches.
    public var precisions: [Double] {
        var smoothing = 1.0
        let hasMatches = matches.contains { $0 > 0 }
        return zip(matches, totals).map { matches, total in
            guard hasMatches, total > 0 else { return 0 }
            if matches > 0 { return 100 * Double(matches) / Double(total) }
            smoothing *= 2
            return 100 / (smoothing * Double(total))
        }
    }

    /// What the score is multiplied by where translations are shorter than references: at most 1.
    public var brevityPenalty: Double {
        guard hypothesisLength < referenceLength else { return 1 }
        return hypothesisLength == 0 ? 0 : exp(1 - Double(referenceLength) / Double(hypothesisLength))
    }

    /// The brevity penalty times the geometric mean of the precisions: 0 to 100.
    public var score: Double {
        let precisions = precisions
        guard precisions.allSatisfy({ $0 > 0 }) else { return 0 }
        return brevityPenalty * exp(precisions.reduce(0) { $0 + log($1) } / Double(Self.order))
    }

    private static func words(_ sentence: String) -> [String] {
        sentence.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func counts(_ words: [String], _ length: Int) -> [ArraySlice<String>: Int] {
        guard words.count >= length else { return [:] }
        return (0...words.count - length).reduce(into: [:]) { $0[words[$1..<$1 + length], default: 0] += 1 }
    }
}
