import Foundation

/// Writes sequences by following the most likely beginnings side by side.
///
/// At every step the `width` most likely continuations of a sequence's beginnings are kept; those that end are complete
/// and set aside. The search of a sequence is over when no beginning can become better than the complete ones. A width
/// of 1 is greedy search.
///
/// Hypotheses are compared by log P / ((5 + length) / 6)^lengthPenalty (Wu et al. 2016, equation 14, without the
/// coverage penalty); the length counts the end. Sums of logarithms favour short sequences, which the penalty makes up
/// for.
public struct BeamSearch: Sendable, Equatable {
    /// The number of beginnings that are followed, and the most hypotheses that are given.
    package let width: Int
    /// The most tokens that are written, beside the end.
    let maximumLength: Int
    /// The exponent of the length penalty; 0 compares by probability alone.
    package let lengthPenalty: Double
    /// How sequences begin and end.
    let tokens: DecodingTokens

    /// Makes a search.
    ///
    /// - Throws: `RecurrentError` where the width is not from 1 to 1000, the maximum length negative, or the length
    ///   penalty negative or not finite.
    public init(
        width: Int, maximumLength: Int, lengthPenalty: Double = 0.6, tokens: DecodingTokens = DecodingTokens()
    ) throws {
        try Setting("the beam's width", width).require(in: 1...1000)
        try Setting("the maximum length", maximumLength).require(in: 0...1_000_000_000)
        try Setting("the length penalty", lengthPenalty).require(
            lengthPenalty >= 0 && lengthPenalty.isFinite, "0 (by probability alone) or more")
        self.width = width
        self.maximumLength = maximumLength
        self.lengthPenalty = lengthPenalty
        self.tokens = tokens
    }

    /// The score of a hypothesis of `length` tokens.
    static func score(_ logProbability: Double, length: Int, lengthPenalty: Double) -> Double {
        logProbability / pow((5 + Double(length)) / 6, lengthPenalty)
    }

    /// At most `width` hypotheses for each sequence, the best first; those that were cut off stand behind all that are
    /// complete.
    /// - Parameters:
    ///   - state: The states that the sequences begin from; every part has the sequences as its first axis.
    ///   - sequences: Their number.
    ///   - step: The decoder: it reads a token of every row. There are always `sequences * width` rows, those from
    ///     `i * width` on for sequence i; its states have as many.
    /// - Throws: `RecurrentError` where a probability is no number, and what `step` throws.
    public func callAsFunction<State: RecurrentState>(
        from state: State, sequences: Int, step: (IntegerTensor, State) throws -> DecodingStep<State>
    ) throws -> [[Hypothesis]] {
        let places = (0..<sequences).flatMap { Array(repeating: $0, count: width) }
        var state = width == 1 ? state : state.map { $0.gather(IntegerTensor(places)) }
        var beams = [Beam](repeating: Beam(), count: sequences)
        for place in 0...maximumLength {
            if beams.allSatisfy(\.isDone) { break }
            let read = beams.flatMap { $0.lastTokens(width: width, tokens) }
            let next = try step(IntegerTensor(read), state)
            let attention = next.attentionRows()
            var parents: [Int] = []
            try next.withRows(sequences * width) { logProbabilities in
                for index in beams.indices {
                    let rows = index * width..<(index + 1) * width
                    let kept = beams[index].advance(
                        logProbabilities[rows], attention: attention.isEmpty ? [] : attention[rows],
                        isLast: place == maximumLength, self)
                    parents += (0..<width).map { rows.lowerBound + ($0 < kept.count ? kept[$0] : $0) }
                }
            }
            state =
                parents == Array(parents.indices) ? next.state : next.state.map { $0.gather(IntegerTensor(parents)) }
        }
        return beams.map { $0.hypotheses(self) }
    }
}
