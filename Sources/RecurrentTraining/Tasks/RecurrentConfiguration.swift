import Recurrent

/// A configuration with what almost every task has: a kind of cell, its size, batches and a seed.
public protocol RecurrentConfiguration: TaskConfiguration {
    /// The kind of recurrent cell.
    var cell: CellKind { get set }

    /// The number of hidden units of a layer.
    var hiddenSize: Int { get set }

    /// The number of sequences of a batch.
    var batchSize: Int { get set }

    /// The seed of all that is random.
    var seed: UInt64 { get set }
}

/// A configuration of stacked recurrent layers with dropout after each.
public protocol LayeredConfiguration: RecurrentConfiguration {
    /// The number of layers.
    var layers: Int { get set }

    /// The probability that an output of a layer is dropped in training.
    var dropout: Float { get set }

    /// The layers that the configuration asks for.
    var stack: RecurrentStack { get }
}

extension RecurrentConfiguration {
    /// Checks the numbers that this protocol names.
    ///
    /// - Throws: `RecurrentError` naming the property, its value and what is expected.
    public func validateCell() throws {
        try Setting("`hiddenSize`", hiddenSize).require(in: 1...65_536)
        try Setting("`batchSize`", batchSize).require(in: 1...1_000_000)
        try optimization.validate()
    }
}

extension LayeredConfiguration {
    /// Checks the numbers that this protocol and `RecurrentConfiguration` name.
    ///
    /// - Throws: `RecurrentError` naming the property, its value and what is expected.
    public func validateLayers() throws {
        try validateCell()
        try Setting("`layers`", layers).require(in: 1...100)
        try Setting("`dropout`", dropout).require(dropout >= 0 && dropout < 1, "0 or more and less than 1")
    }
}
