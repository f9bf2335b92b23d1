/// Tokens as a layer's inputs: embedded, or one-hot.
package struct TokenInput: Sendable {
    private let vocabularySize: Int
    /// The tokens' vectors; nil where they are one-hot.
    package let embedding: Embedding?

    /// - Parameters:
    ///   - width: The width of the tokens' vectors; nil for one-hot tokens.
    ///   - initializer: How the vectors begin.
    ///   - updates: Which of them a training step moves.
    package init(
        _ vocabularySize: Int, width: Int?, initializer: Initializer = Embedding.usualInitializer,
        updates: RowUpdates = .dense, _ binder: inout Binder
    ) {
        self.vocabularySize = vocabularySize
        embedding = width.map {
            Embedding(tokens: vocabularySize, width: $0, initializer: initializer, updates: updates, &binder)
        }
    }

    package var width: Int { embedding?.table.shape[1] ?? vocabularySize }

    /// `[...]` to `[..., width]`.
    package func callAsFunction(_ tokens: IntegerTensor) -> Tensor {
        embedding?(tokens) ?? tokens.oneHot(depth: vocabularySize)
    }
}
