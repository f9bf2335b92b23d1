import Foundation

/// A stream of random numbers that is a value: the same seed, operation and position give the same numbers.
///
/// The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), laid out as in
/// TensorFlow: the key is the seed, the upper half of the counter is the operation seed, and the lower half counts
/// groups of four 32-bit words. What TensorFlow draws for the first run of an operation with graph seed `s` and
/// operation seed `o` is what `RandomSource(seed: s, operation: o)` draws first.
///
/// A fill of n values consumes whole groups: the words of the last group that are not needed are skipped, and so are
/// those left over from single draws. Copying a source copies its position.
public struct RandomSource: Equatable, Sendable {
    /// The seed, which is the key of the generator.
    public let seed: UInt64
    /// The operation seed, which tells the streams of one seed apart.
    public let operation: UInt64
    /// The number of the group that is read next. Wraps after 2^64 groups.
    var group: UInt64 = 0
    /// The word of that group that is read next, 0 to 3.
    var word: Int = 0

    /// Makes a source at the beginning of the stream of a seed and an operation seed.
    public init(seed: UInt64, operation: UInt64 = 0) {
        self.seed = seed
        self.operation = operation
    }

    /// The stream of the same seed with another operation seed, at its beginning: independent of this one.
    public func stream(_ operation: UInt64) -> RandomSource {
        RandomSource(seed: seed, operation: operation)
    }

    /// Draws one word: 32 uniform bits.
    public mutating func next() -> UInt32 {
        let value = Philox.block(counter: counter(group), key: key)[word]
        word += 1
        if word == 4 {
            word = 0
            group &+= 1
        }
        return value
    }

    var key: SIMD2<UInt32> {
        SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    func counter(_ group: UInt64) -> SIMD4<UInt32> {
        SIMD4(
            UInt32(truncatingIfNeeded: group), UInt32(truncatingIfNeeded: group >> 32),
            UInt32(truncatingIfNeeded: operation), UInt32(truncatingIfNeeded: operation >> 32))
    }

    /// Skips what is left of a group that single draws have begun.
    mutating func skipBegunGroup() {
        if word != 0 {
            word = 0
            group &+= 1
        }
    }
}

/// The Philox4x32-10 function: four words of counter and two of key to four random words.
enum Philox {
    @inline(__always)
    static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        var round = 0
        while round < 10 {
            let product0 = UInt64(c0) &* 0xD251_1F53
            let product1 = UInt64(c2) &* 0xCD9E_8D57
            c0 = UInt32(truncatingIfNeeded: product1 >> 32) ^ c1 ^ k0
            c1 = UInt32(truncatingIfNeeded: product1)
            c2 = UInt32(truncatingIfNeeded: product0 >> 32) ^ c3 ^ k1
            c3 = UInt32(truncatingIfNeeded: product0)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
            round += 1
        }
        return SIMD4(c0, c1, c2, c3)
    }
}

extension RandomSource: Codable {
    private static let format = "philox4x32-10"

    /// The whole state in one line of text: the generator, the seed, the operation, the group (three times 16
    /// hexadecimal digits) and the word (0 to 3), separated by colons.
    public var state: String {
        func hexadecimal(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return "\(Self.format):\(hexadecimal(seed)):\(hexadecimal(operation)):\(hexadecimal(group)):\(word)"
    }

    /// Restores a source from its `state`.
    ///
    /// - Throws: `RecurrentError` where the text is not such a state.
    public init(state: String) throws {
        let parts = state.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        func number(_ part: Substring.UTF8View) -> UInt64? {
            let isLowercaseHexadecimal = part.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
            return part.count == 16 && isLowercaseHexadecimal ? UInt64(Substring(part), radix: 16) : nil
        }
        guard parts.count == 5, String(Substring(parts[0])) == Self.format, let seed = number(parts[1]),
            let operation = number(parts[2]), let group = number(parts[3]), parts[4].count == 1,
            let digit = parts[4].first, (48...51).contains(digit)
        else {
            throw RecurrentError(
                "random state \"\(state.prefix(100))\" is not valid; expected \"\(Self.format):\" and then seed, "
                    + "operation and group (16 hexadecimal digits each) and word (0 to 3), separated by colons")
        }
        self.init(seed: seed, operation: operation)
        self.group = group
        self.word = Int(digit) - 48
    }

    /// Restores a source from a string that holds its `state`.
    public init(from decoder: any Decoder) throws {
        try self.init(state: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the `state` as one string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(state)
    }
}
