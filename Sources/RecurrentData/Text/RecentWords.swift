/// The numbers of short words that were looked up before: most words of a text are short and come again soon, and need not
/// be made a string and hashed each time.
struct RecentWords {
    private static let bits = 13
    private static let longest = 7
    /// The length of the word in each place, and its bytes; 0 where there is none.
    private var words = [UInt64](repeating: 0, count: 1 << bits)
    private var numbers = [Int32](repeating: 0, count: 1 << bits)

    /// The number of a word, given by its bytes; nil where the word is long or was not seen lately.
    subscript(word: UnsafeBufferPointer<UInt8>) -> Int32? {
        get {
            guard let (packed, place) = Self.place(of: word), words[place] == packed else { return nil }
            return numbers[place]
        }
        set {
            guard let newValue, let (packed, place) = Self.place(of: word) else { return }
            (words[place], numbers[place]) = (packed, newValue)
        }
    }

    private static func place(of word: UnsafeBufferPointer<UInt8>) -> (packed: UInt64, place: Int)? {
        guard !word.isEmpty, word.count <= longest else { return nil }
        let packed = word.reduce(UInt64(word.count)) { $0 << 8 | UInt64($1) }
        return (packed, Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits)))
    }
}
