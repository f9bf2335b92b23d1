/// Lists of whole numbers that are to be sorted: how long they are and what stands in them.
///
/// One of eight lists is held back from training, by a checksum of its sorted numbers: neither it nor any other order of
/// its numbers is ever drawn for training.
public struct NumberLists: Sendable, Equatable {
    /// The numbers are from 0 to below this.
    public let limit: Int
    /// How many numbers a list can have, each length as often as any other.
    public let lengths: ClosedRange<Int>

    /// Makes a kind of lists.
    public init(limit: Int, lengths: ClosedRange<Int>) {
        require(limit >= 1 && lengths.lowerBound >= 1, "lists of \(lengths) numbers below \(limit)")
        self.limit = limit
        self.lengths = lengths
    }

    /// The number of tokens: the special ones, and behind them the numbers in their order.
    public var tokenCount: Int { SpecialToken.names.count + limit }

    /// Whether a list is held back from training.
    public static func isHeldBack(_ numbers: [Int]) -> Bool {
        var checksum = Checksum()
        checksum.update(numbers.sorted().flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] })
        return checksum.value % 8 == 0
    }

    /// Draws lists, with numbers that may be equal: for training, or of those that are held back from it.
    public func draw(_ count: Int, heldBack: Bool, random: inout RandomSource) -> [[Int]] {
        (0..<count).map { _ in
            let length = lengths.lowerBound + Int(random.next()) % lengths.count
            while true {
                let numbers = (0..<length).map { _ in Int(random.next()) % limit }
                if Self.isHeldBack(numbers) == heldBack { return numbers }
            }
        }
    }

    /// The tokens of numbers.
    public func tokens(_ numbers: [Int]) -> [Int32] { numbers.map { Int32($0 + SpecialToken.names.count) } }

    /// The lists and what is to be written of them.
    public func pairs(_ lists: [[Int]]) -> SequencePairs {
        SequencePairs(sources: lists.map(tokens), targets: lists.map { tokens($0.sorted()) })
    }

    /// Tokens as they are written: numbers, or the names of special tokens.
    public func words(_ tokens: [Int32]) -> [String] {
        tokens.map { token in
            let special = SpecialToken.names.count
            return Int(token) < special ? SpecialToken.names[Int(token)] : "\(Int(token) - special)"
        }
    }

    /// Reads a list: whole numbers between spaces or commas.
    ///
    /// - Throws: `RecurrentError` where there is none, more than a thousand, or one that is not from 0 to below the limit.
    public func numbers(_ text: String) throws -> [Int] {
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
