/// How often each word occurs, counted one by one.
struct WordCounts {
    private var places: [String: Int32] = [:]
    private var counts: [Int] = []
    private var recent = RecentWords()

    /// Counts one more occurrence of a word, given by its bytes in UTF-8.
    mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
        counts[Int(place(of: word))] += 1
    }

    /// Counts one more occurrence of a word.
    mutating func add(_ word: String) {
        var word = word
        word.withUTF8 { add($0) }
    }

    private mutating func place(of word: UnsafeBufferPointer<UInt8>) -> Int32 {
        if let place = recent[word] { return place }
        let key = String(decoding: word, as: UTF8.self)
        let place = places[key] ?? Int32(counts.count)
        if place == counts.count {
            places[key] = place
            counts.append(0)
        }
        recent[word] = place
        return place
    }

    /// The words with their counts, the most frequent first, those of one frequency in alphabetical order.
    var byFrequency: [(word: String, count: Int)] {
        places.map { (word: $0.key, count: counts[Int($0.value)]) }
            .sorted { ($1.count, $0.word) < ($0.count, $1.word) }
    }
}
