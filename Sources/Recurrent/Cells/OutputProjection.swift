/// A cell followed by a dense layer on every step's output: TensorFlow's `OutputProjectionWrapper`.
///
///     let cell = OutputProjection(
///         BasicRNNCell(inputSize: 1, hiddenSize: 100, activation: .relu, &binder["cell"]),
///         Dense(inputSize: 100, outputSize: 1, &binder["output"]))
public struct OutputProjection<Cell: RecurrentCell>: RecurrentCell {
    /// The inner cell.
    public let cell: Cell
    /// The layer from the cell's outputs to this cell's.
    public let layer: Dense
    private let activation: @Sendable (Tensor) -> Tensor

    /// Wraps a cell.
    /// - Parameters:
    ///   - cell: The inner cell.
    ///   - layer: The layer from its outputs to this cell's.
    ///   - activation: What the layer's outputs pass through, such as `relu`; nothing where none is given.
    public init(_ cell: Cell, _ layer: Dense, activation: @escaping @Sendable (Tensor) -> Tensor = { $0 }) {
        self.cell = cell
        self.layer = layer
        self.activation = activation
    }

    /// The inner cell's zero state.
    public func zeroState(batch: Int) -> Cell.State { cell.zeroState(batch: batch) }

    /// One time step.
    public func step(_ input: Tensor, state: Cell.State) -> (output: Tensor, state: Cell.State) {
        let (output, next) = cell.step(input, state: state)
        return (activation(layer(output)), next)
    }

    /// All time steps, by the inner cell's own `unroll` and one product for the layer.
    public func unroll(
        _ inputs: Tensor, initialState: Cell.State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Cell.State> {
        var result = cell.unroll(inputs, initialState: initialState, lengths: lengths, direction: direction)
        result.outputs = activation(layer(result.outputs)).zeroed(past: lengths)
        return result
    }
}
