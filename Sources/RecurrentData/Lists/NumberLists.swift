import Recurrent

/// Lists of whole numbers that are to be sorted: how long they are and what stands in them.
///
/// Every list belongs to one part, by a checksum of its sorted numbers, and all other orders of its numbers with it: one
/// of sixteen is for validation, another one for the test, and neither is ever drawn for training.
package struct NumberLists: Sendable, Equatable {
    /// The numbers are from 0 to below this.
    package let limit: Int
    /// How many numbers a list can have, each length as often as any other.
    package let lengths: ClosedRange<Int>

    /// What a list may be used for.
    package enum Part: Sendable {
        /// It is trained on.
        case training
        /// It chooses among the weights of a training.
        case validation
        /// It takes part in no choice.
        case test
    }

    /// What the numbers of a list can be below.
    package static let limits = 10...10_000
    /// How many numbers a list can have. With fewer, or smaller ones, a part could have no list at all.
    package static let possibleLengths = 2...1000

    /// Makes a kind of lists, of 2 to 1000 numbers below 10 to 10,000: so there are lists of every length for every part.
    package init(limit: Int, lengths: ClosedRange<Int>) {
        require(
            Self.limits.contains(limit) && Self.possibleLengths.contains(lengths.lowerBound)
                && Self.possibleLengths.contains(lengths.upperBound),
            "lists of \(lengths) numbers below \(limit); expected \(Self.possibleLengths) below \(Self.limits)")
        self.limit = limit
        self.lengths = lengths
    }

    /// The number of tokens: the special ones, and behind them the numbers in their order.
    package var tokenCount: Int { SpecialToken.names.count + limit }

    /// The part that a list belongs to.
    package static func part(of numbers: [Int]) -> Part {
        var checksum = Checksum()
        checksum.update(numbers.sorted().flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] })
        switch checksum.value % 16 {
        case 0: return .validation
        case 8: return .test
        default: return .training
        }
    }

    /// Draws lists of a part, with numbers that may be equal.
    package func draw(_ count: Int, for part: Part, random: inout RandomSource) -> [[Int]] {
        (0..<count).map { _ in
            let length = lengths.lowerBound + Int(random.next()) % lengths.count
            while true {
                let numbers = (0..<length).map { _ in Int(random.next()) % limit }
                if Self.part(of: numbers) == part { return numbers }
            }
        }
    }

    /// The tokens of numbers.
    package func tokens(_ numbers: [Int]) -> [Int32] { numbers.map { Int32($0 + SpecialToken.names.count) } }

    /// The lists and what is to be written of them.
    package func pairs(_ lists: [[Int]]) -> SequencePairs {
        SequencePairs(sources: lists.map(tokens), targets: lists.map { tokens($0.sorted()) })
    }

    /// Tokens as they are written: numbers, or the names of special tokens.
    package func words(_ tokens: [Int32]) -> [String] {
        tokens.map { token in
            let special = SpecialToken.names.count
            return Int(token) < special ? SpecialToken.names[Int(token)] : "\(Int(token) - special)"
        }
    }

    /// Reads a list: whole numbers between spaces or commas.
    ///
    /// - Throws: `RecurrentError` where there is none, more than a thousand, or one that is not from 0 to below the limit.
    package func numbers(_ text: String) throws -> [Int] {
        let words = text.split { $0.isWhitespace || $0 == "," }
        guard (1...1000).contains(words.count) else {
            throw RecurrentError(
                "\"\(text.prefix(60))\" has \(words.count) numbers; expected 1 to 1000, with spaces or commas between")
        }
        return try words.enumerated().map { place, word in
            guard let number = Int(word), (0..<limit).contains(number) else {
                throw RecurrentError(
                    "\"\(word.prefix(60))\", number \(place + 1) of \"\(text.prefix(60))\": expected a whole number "
                        + "from 0 to \(limit - 1)")
            }
            return number
        }
    }
}
