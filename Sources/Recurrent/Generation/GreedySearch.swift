/// Writes sequences by always taking the most likely next token, all rows of a batch at once.
public struct GreedySearch: Sendable, Equatable {
    /// The most tokens that are written, beside the end.
    let maximumLength: Int
    /// How sequences begin and end.
    let tokens: DecodingTokens

    /// Makes a search.
    ///
    /// - Throws: `RecurrentError` where the maximum length is negative.
    public init(maximumLength: Int, tokens: DecodingTokens = DecodingTokens()) throws {
        try Setting("the maximum length", maximumLength).require(in: 0...1_000_000_000)
        self.maximumLength = maximumLength
        self.tokens = tokens
    }

    /// One hypothesis for each row.
    /// - Parameters:
    ///   - state: The states that the rows begin from.
    ///   - rows: Their number.
    ///   - step: The decoder: it reads a token of every row. Of rows that have ended it reads the end again, and what
    ///     it says of them is not looked at.
    /// - Throws: `RecurrentError` where a probability is no number, and what `step` throws.
    public func callAsFunction<State: RecurrentState>(
        from state: State, rows: Int, step: (IntegerTensor, State) throws -> DecodingStep<State>
    ) throws -> [Hypothesis] {
        var (state, read) = (state, [Int32](repeating: tokens.begin, count: rows))
        var written = [PartialHypothesis](repeating: PartialHypothesis(), count: rows)
        for place in 0...maximumLength {
            if written.allSatisfy(\.hasEnded) { break }
            let next = try step(IntegerTensor(read), state)
            let attention = next.attentionRows()
            try next.withRows(rows) { logProbabilities in
                for row in 0..<rows where !written[row].hasEnded {
                    guard let (token, logProbability) = mostLikely(logProbabilities[row]) else { continue }
                    guard token == tokens.end || place < maximumLength else { continue }
                    written[row].append(
                        token, logProbability, attention: attention.isEmpty ? nil : attention[row], end: tokens.end)
                    read[row] = token
                }
            }
            state = next.state
        }
        return written.map { $0.hypothesis(lengthPenalty: 0) }
    }

    private func mostLikely(_ row: ArraySlice<Float>) -> (token: Int32, logProbability: Float)? {
        var best: (token: Int32, logProbability: Float)?
        for (token, value) in row.enumerated() where value > best?.logProbability ?? -.infinity {
            if !tokens.excluded.contains(Int32(token)) { best = (Int32(token), value) }
        }
        return best
    }
}
