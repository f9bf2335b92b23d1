import Foundation
import Recurrent

/// Words and a vector for each, as from word2vec, GloVe, or an embedding that was trained here.
public struct WordVectors: Sendable {
    /// The words, each once, usually the most frequent first.
    public let words: [String]
    /// Their vectors: `[words, width]`.
    public let vectors: Tensor
    /// The vectors at length 1; those of length 0 stay.
    private let directions: Tensor
    private let places: [String: Int]

    /// The number of elements of a vector.
    public var width: Int { vectors.shape[1] }

    /// Puts words and vectors `[words, width]` together.
    ///
    /// - Throws: `RecurrentError` where a word occurs twice, or an element is no finite number.
    public init(words: [String], vectors: Tensor) throws {
        require(
            vectors.rank == 2 && vectors.shape[0] == words.count,
            "vectors of shape \(vectors.shape) for \(words.count) words")
        self.words = words
        self.vectors = vectors.detached().converted(to: .single)
        let places = Dictionary(zip(words, words.indices)) { first, _ in first }
        if places.count < words.count, let twice = words.indices.first(where: { places[words[$0]] != $0 }) {
            throw RecurrentError("the word \"\(words[twice].prefix(40))\" has two vectors; expected each word once")
        }
        self.places = places
        let lengths = self.vectors.squared().sum(along: [1]).sqrt().reshaped([words.count, 1])
        if let place = lengths.values.firstIndex(where: { !$0.isFinite }) {
            throw RecurrentError(
                "the vector of \"\(words[place].prefix(40))\" has an element that is not finite, or is too long")
        }
        directions = self.vectors / select(lengths .> .zeros(lengths.shape), lengths, .ones(lengths.shape))
    }

    /// The vector of a word, or nil where there is none.
    public subscript(word: String) -> [Float]? { places[word].map { vectors[$0].values } }

    /// A word and how near it is.
    public struct Neighbour: Equatable, Sendable {
        /// The word.
        public let word: String
        /// The cosine of the angle between the vectors, -1 to 1.
        public let cosine: Float
    }

    /// The words whose vectors point most nearly where a word's does, nearest first, without the word itself.
    ///
    /// - Throws: `RecurrentError` where the word has no vector.
    public func neighbours(of word: String, count: Int = 10) throws -> [Neighbour] {
        try neighbours(ofSum: [(word, 1)], count: count)
    }

    /// The words that are to `c` as `a` is to `b`: nearest to a - b + c, those three left out (3CosAdd; Mikolov, Yih and
    /// Zweig, "Linguistic regularities in continuous space word representations", 2013).
    ///
    ///     try vectors.analogy("king", minus: "man", plus: "woman", count: 1)
    ///
    /// - Throws: `RecurrentError` where one of the words has no vector.
    public func analogy(_ a: String, minus b: String, plus c: String, count: Int = 10) throws -> [Neighbour] {
        try neighbours(ofSum: [(a, 1), (b, -1), (c, 1)], count: count)
    }

    /// The words nearest to a weighted sum of words' vectors, each taken at length 1; the words themselves left out.
    ///
    /// - Throws: `RecurrentError` where one of the words has no vector.
    public func neighbours(ofSum terms: [(word: String, weight: Float)], count: Int = 10) throws -> [Neighbour] {
        var sum = Tensor.zeros([width])
        var own: Set<Int> = []
        for (word, weight) in terms {
            guard let place = places[word] else {
                throw RecurrentError("\"\(word.prefix(40))\" is none of the \(words.count) words that have a vector")
            }
            own.insert(place)
            sum = sum + directions[place] * weight
        }
        let length = sum.squared().sum().scalar.squareRoot()
        if length > 0 { sum = sum / length }
        let cosines = directions.matmul(sum.reshaped([width, 1])).values
        let order = cosines.indices.filter { !own.contains($0) }.sorted { (cosines[$0], $1) > (cosines[$1], $0) }
        return order.prefix(max(0, count)).map { Neighbour(word: words[$0], cosine: cosines[$0]) }
    }

    /// A table of embeddings `[vocabulary, width]` with these vectors where its words have one, and the number of those;
    /// the other rows, that of the unknown token among them, are `table`'s.
    ///
    ///     let start = vectors.table(for: vocabulary, otherwise: model.parameters["embedding.table"]!)
    ///     model.parameters.set("embedding.table", to: start.table.values)
    public func table(for vocabulary: WordVocabulary, otherwise table: Tensor) -> (table: Tensor, found: Int) {
        require(
            table.shape == [vocabulary.size, width],
            "a table of shape \(table.shape) for \(vocabulary.size) tokens and vectors of \(width)")
        var values = table.values
        let own = vectors.values
        var found = 0
        for (index, word) in vocabulary.words.enumerated() {
            guard let place = places[word] else { continue }
            found += 1
            values.replaceSubrange(
                (index + 1) * width..<(index + 2) * width, with: own[place * width..<(place + 1) * width])
        }
        return (Tensor(values, shape: table.shape), found)
    }
}
