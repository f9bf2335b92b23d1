/// Sequences of tokens of different lengths side by side, the shorter ones filled up at their ends.
public struct PaddedBatch: Equatable, Sendable {
    /// The tokens, [time, batch]: as many time steps as the longest sequence has, and at least one.
    public let tokens: IntegerTensor
    /// The length of every sequence. Layers that are given it never look at the padding.
    public let lengths: [Int]

    /// Puts sequences side by side.
    ///
    /// - Parameters:
    ///   - sequences: The tokens of each; none of them is a batch of one step and no sequences.
    ///   - padding: The token after a sequence's end.
    public init(_ sequences: [[Int32]], padding: Int32 = 0) {
        lengths = sequences.map(\.count)
        let time = max(1, lengths.max() ?? 1)
        var values = [Int32](repeating: padding, count: time * sequences.count)
        for (place, sequence) in sequences.enumerated() {
            for (step, token) in sequence.enumerated() { values[step * sequences.count + place] = token }
        }
        tokens = IntegerTensor(values, shape: [time, sequences.count])
    }
}
