/// Source sequences and what is to be written of them, as an encoder and decoder learns from them: the decoder reads
/// `<bos>` and the target's tokens, and is to write the tokens and `<eos>` (teacher forcing, Williams and Zipser 1989).
public struct SequencePairs: Sendable {
    /// What the encoder reads.
    public let source: PaddedBatch
    /// What the decoder reads: `<bos>` and all tokens of the target.
    public let read: PaddedBatch
    /// What it is to write after each: the target's tokens and `<eos>`.
    public let written: PaddedBatch
    /// 1 for every token that is to be written, 0 past a target's end, `[time, batch]`.
    public let weights: Tensor

    /// The number of tokens that are to be written, the ends included.
    package var tokenCount: Int { written.lengths.reduce(0, +) }

    /// Puts pairs side by side.
    /// - Parameters:
    ///   - sources: The tokens of each source; may be empty.
    ///   - targets: The tokens of each target, without `<bos>` and `<eos>`; as many as there are sources.
    public init(sources: [[Int32]], targets: [[Int32]]) {
        require(sources.count == targets.count, "\(sources.count) sources for \(targets.count) targets")
        source = PaddedBatch(sources, padding: SpecialToken.padding)
        read = PaddedBatch(targets.map { [SpecialToken.begin] + $0 }, padding: SpecialToken.padding)
        written = PaddedBatch(targets.map { $0 + [SpecialToken.end] }, padding: SpecialToken.padding)
        weights = runningSteps(written.lengths, time: written.tokens.shape[0]).reshaped(written.tokens.shape)
    }
}
