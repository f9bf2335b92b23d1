import Foundation
import Recurrent

/// The words of a text that have vectors, the most frequent first, and how often each occurs.
///
/// Words are cut as `WordSplitting` does, in small letters; those without a letter or digit, such as full stops, are
/// left out, and so are all that are not in the table: contexts reach over them, as in word2vec.
public struct WordFrequencies: Codable, Equatable, Sendable {
    /// The words.
    package let words: [String]
    /// How often each of them occurs in the training text.
    package let counts: [Int]

    package init(of words: some Sequence<String>, minimumCount: Int, limit: Int, name: String) throws {
        var counts = WordCounts()
        for word in words { counts.add(word) }
        let all = counts.byFrequency
        let kept = all.prefix { $0.count >= minimumCount }.prefix(limit)
        guard kept.count >= 2 else {
            throw RecurrentError(
                "\(name) has \(kept.count) words that occur \(minimumCount) times or more (`minimumCount`), of "
                    + "\(all.count) different ones; expected 2 or more")
        }
        self.words = kept.map(\.word)
        self.counts = kept.map(\.count)
    }

    /// - Throws: `RecurrentError` where words and counts do not go together.
    package func check() throws {
        guard words.count >= 2, words.count == counts.count, Set(words).count == words.count,
            counts.allSatisfy({ $0 >= 1 && $0 <= Int(Int32.max) })
        else { throw RecurrentError("words and counts do not go together: expected two words or more, each once") }
        guard words.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
            throw RecurrentError(
                "words has an entry that is empty or has white space in it; expected words")
        }
        guard zip(counts, counts.dropFirst()).allSatisfy({ $0 >= $1 }) else {
            throw RecurrentError("counts rise; expected the most frequent words first")
        }
    }

    /// The words of a text that may have vectors.
    package static func words(in text: String) -> [String] {
        WordSplitting.withoutBrackets.words(in: text).filter { word in
            word.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
    }

    /// The numbers of those of some words that have vectors.
    package func encode(_ text: [String]) -> [Int32] {
        let numbers = Dictionary(zip(words, Int32(0)...)) { first, _ in first }
        return text.compactMap { numbers[$0] }
    }

    /// The probability that an occurrence of each word is kept: sqrt(t/f) + t/f for its share f of the text, at most 1, as
    /// in word2vec's source; the paper's formula (Mikolov et al. 2013, equation 5) is sqrt(t/f).
    package func keepProbabilities(subsampling: Double) -> [Float] {
        let total = Double(counts.reduce(0, +))
        return counts.map { count in
            guard subsampling > 0 else { return 1 }
            let ratio = subsampling * total / Double(count)
            return Float(min(1, ratio.squareRoot() + ratio))
        }
    }
}

/// Draws words with probabilities proportional to the 3/4 power of their counts (Mikolov et al. 2013, section 2.2).
package struct NegativeSampler: Sendable {
    /// The probability of a word or one before it.
    private let cumulative: [Double]

    package init(counts: [Int]) {
        var sum = 0.0
        let sums = counts.map { count in
            sum += pow(Double(count), 0.75)
            return sum
        }
        cumulative = sums.map { $0 / sum }
    }

    package func draw(_ count: Int, _ random: inout RandomSource) -> [Int32] {
        (0..<count).map { _ in
            let value = random.unitInterval()
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > value { high = middle } else { low = middle + 1 }
            }
            return Int32(low)
        }
    }
}
