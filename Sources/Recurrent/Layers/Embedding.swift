/// A table of vectors, one for each token.
public struct Embedding: Sendable {
    /// `[tokens, width]`.
    public let table: Tensor

    /// Makes a layer of a given table.
    public init(table: Tensor) {
        require(table.rank == 2, "a table of embeddings has two axes, not the shape \(table.shape)")
        self.table = table
    }

    /// Uniform in +-0.05, as Keras's.
    package static let usualInitializer = Initializer.uniform(from: -0.05, to: 0.05)

    /// Makes a layer with the parameter `table`, by default uniform in +-0.05 as Keras's.
    /// - Parameter updates: Whether a training step moves all vectors or those that it looks up; with large tables the
    ///   latter is much faster, and with some optimisers not the same.
    public init(
        tokens: Int, width: Int, initializer: Initializer = .uniform(from: -0.05, to: 0.05),
        updates: RowUpdates = .dense, _ binder: inout Binder
    ) {
        self.init(table: binder.weight("table", [tokens, width], initializer: initializer, updates: updates))
    }

    /// The vectors of the tokens: `[...]` to `[..., width]`.
    public func callAsFunction(_ tokens: IntegerTensor) -> Tensor { table.gather(tokens) }
}
