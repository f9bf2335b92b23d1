/// What an encoder and decoder is made of.
public struct EncoderDecoderConfiguration: Codable, Sendable, Equatable {
    /// The kind of recurrent cell, of encoder and decoder.
    public var cell = CellKind.lstm
    /// The number of hidden units of a layer; of each direction's where the encoder reads in both.
    public var hiddenSize = 128
    /// The number of layers of the encoder, and of the decoder.
    public var layers = 1
    /// The width of the tokens' embeddings; nil for one-hot tokens.
    public var embeddingSize: Int?
    /// Whether the encoder reads the source in both directions.
    public var isBidirectional = false
    /// Whether the encoder reads the source from its end (Sutskever, Vinyals and Le 2014, section 3.3).
    public var reversesSource = false
    /// How the decoder looks at the encoder's states; nil where it only begins from the last.
    public var attention: AttentionKind?
    /// Whether the decoder's next step reads what the last one saw, as in Bahdanau, Cho and Bengio 2015; it is then
    /// unrolled step by step. Otherwise all steps look at once after they were made: Luong's attention without input
    /// feeding.
    public var feedsContext = false
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0

    /// One layer of 128 LSTM units each, over one-hot tokens, without attention.
    public init() {}

    /// The width of the encoder's outputs.
    package var memorySize: Int { isBidirectional ? 2 * hiddenSize : hiddenSize }

    /// Checks the embeddings, and what does not go together. The other numbers are those of `LayeredConfiguration`.
    ///
    /// - Throws: `RecurrentError` saying what was found and what is expected.
    package func validate() throws {
        if let embeddingSize {
            try Setting("`embeddingSize`", embeddingSize).require(
                (1...65_536).contains(embeddingSize), "1 to 65536, or `nil` for one-hot tokens")
        }
        guard !(isBidirectional && reversesSource) else {
            throw RecurrentError("a bidirectional encoder reads the source in both directions: it cannot be reversed")
        }
        guard attention != nil || !feedsContext else {
            throw RecurrentError("without attention there is no context that the decoder could be fed with")
        }
        if isBidirectional, attention == .dot || attention == .scaledDot {
            throw RecurrentError(
                "the attention \"\(attention?.rawValue ?? "")\" needs encoder states as wide as the decoder's, which a "
                    + "bidirectional encoder does not give; expected general or additive")
        }
    }
}
