/// A table of vectors, one for each token.
public struct Embedding: Sendable {
    /// `[tokens, width]`.
    public let table: Tensor

    /// Makes a layer of a given table.
    public init(table: Tensor) {
        require(table.rank == 2, "a table of embeddings has two axes, not the shape \(table.shape)")
        self.table = table
    }

    /// Makes a layer with the parameter `table`, by default uniform in +-0.05 as Keras's.
    public init(
        tokens: Int, width: Int, initializer: Initializer = .uniform(from: -0.05, to: 0.05), _ binder: inout Binder
    ) {
        self.init(table: binder.weight("table", [tokens, width], initializer: initializer))
    }

    /// The vectors of the tokens: `[...]` to `[..., width]`.
    public func callAsFunction(_ tokens: IntegerTensor) -> Tensor { table.gather(tokens) }
}
