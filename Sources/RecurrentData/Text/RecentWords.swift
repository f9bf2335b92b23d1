/// The tokens of short words that were looked up before: most words of a text are short and come again soon, and need not
/// be made a string and hashed each time.
struct RecentWords {
    private static let bits = 13
    private static let longest = 8
    /// The bytes of the word in each place; 0 where there is none.
    private var words = [UInt64](repeating: 0, count: 1 << bits)
    private var tokens = [Int32](repeating: 0, count: 1 << bits)

    /// The token of a word, which is looked up where it is long or was not seen lately.
    mutating func token(of word: UnsafeBufferPointer<UInt8>, _ lookUp: (UnsafeBufferPointer<UInt8>) -> Int32) -> Int32 {
        guard word.count <= Self.longest else { return lookUp(word) }
        let packed = word.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let place = Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - Self.bits))
        if words[place] != packed || packed == 0 { (words[place], tokens[place]) = (packed, lookUp(word)) }
        return tokens[place]
    }
}
