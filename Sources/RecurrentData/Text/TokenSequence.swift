/// The token numbers of a long text, from 0, each kept in as few bytes as its vocabulary needs; parts share them.
package struct TokenSequence: RandomAccessCollection, Sendable {
    private enum Numbers: Sendable {
        case bytes([UInt8])
        case shorts([UInt16])
        case words([Int32])
    }

    private let numbers: Numbers
    /// Which of the numbers these are.
    private let range: Range<Int>

    package var startIndex: Int { 0 }
    package var endIndex: Int { range.count }

    /// Takes numbers that are there already.
    package init(_ tokens: [Int32]) {
        (numbers, range) = (.words(tokens), 0..<tokens.count)
    }

    /// Collects the tokens that `write` gives, a piece at a time, in order.
    /// - Parameters:
    ///   - vocabularySize: More than the largest of them.
    ///   - capacity: About how many there will be.
    package init(
        vocabularySize: Int, capacity: Int = 0, _ write: ((UnsafeBufferPointer<Int32>) -> Void) throws -> Void
    ) rethrows {
        switch vocabularySize {
        case ...256:
            let all = try Self.collected(UInt8.self, capacity, write)
            (numbers, range) = (.bytes(all), 0..<all.count)
        case ...65_536:
            let all = try Self.collected(UInt16.self, capacity, write)
            (numbers, range) = (.shorts(all), 0..<all.count)
        default:
            let all = try Self.collected(Int32.self, capacity, write)
            (numbers, range) = (.words(all), 0..<all.count)
        }
    }

    private static func collected<Number: FixedWidthInteger>(
        _ type: Number.Type, _ capacity: Int, _ write: ((UnsafeBufferPointer<Int32>) -> Void) throws -> Void
    ) rethrows -> [Number] {
        var all: [Number] = []
        all.reserveCapacity(capacity)
        try write { piece in all.append(contentsOf: piece.lazy.map { Number($0) }) }
        return all
    }

    /// Bytes as tokens.
    package init(bytes: [UInt8]) {
        (numbers, range) = (.bytes(bytes), 0..<bytes.count)
    }

    private init(_ numbers: Numbers, _ range: Range<Int>) {
        (self.numbers, self.range) = (numbers, range)
    }

    package subscript(position: Int) -> Int32 {
        let place = range.lowerBound + position
        return switch numbers {
        case .bytes(let bytes): Int32(bytes[place])
        case .shorts(let shorts): Int32(shorts[place])
        case .words(let words): words[place]
        }
    }

    /// The tokens at some places, numbered from 0 again.
    package func part(_ places: Range<Int>) -> TokenSequence {
        TokenSequence(numbers, range.lowerBound + places.lowerBound..<range.lowerBound + places.upperBound)
    }
}

extension TokenSequence: Equatable {
    /// Whether the tokens are the same, however they are kept.
    package static func == (one: Self, other: Self) -> Bool { one.elementsEqual(other) }
}
