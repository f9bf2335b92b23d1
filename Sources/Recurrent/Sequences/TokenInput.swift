/// Tokens as a layer's inputs: embedded, or one-hot.
package struct TokenInput: Sendable {
    private let vocabularySize: Int
    /// The tokens' vectors; nil where they are one-hot.
    package let embedding: Embedding?

    package init(_ vocabularySize: Int, width: Int?, _ binder: inout Binder) {
        self.vocabularySize = vocabularySize
        embedding = width.map { Embedding(tokens: vocabularySize, width: $0, &binder) }
    }

    package var width: Int { embedding?.table.shape[1] ?? vocabularySize }

    /// `[...]` to `[..., width]`.
    package func callAsFunction(_ tokens: IntegerTensor) -> Tensor {
        embedding?(tokens) ?? tokens.oneHot(depth: vocabularySize)
    }
}
