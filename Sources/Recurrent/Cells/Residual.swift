/// A cell whose input is added to its output, which must be as wide (He et al. 2015; TensorFlow's `ResidualWrapper`).
public struct Residual<Cell: RecurrentCell>: RecurrentCell {
    /// The inner cell.
    public let cell: Cell

    /// Wraps a cell whose outputs are as wide as its inputs.
    public init(_ cell: Cell) { self.cell = cell }

    private func sum(_ input: Tensor, _ output: Tensor) -> Tensor {
        require(
            input.shape == output.shape,
            "an input of shape \(input.shape) cannot be added to an output of shape \(output.shape)")
        return input + output
    }

    /// The inner cell's zero state.
    public func zeroState(batch: Int) -> Cell.State { cell.zeroState(batch: batch) }

    /// One time step.
    public func step(_ input: Tensor, state: Cell.State) -> (output: Tensor, state: Cell.State) {
        let (output, next) = cell.step(input, state: state)
        return (sum(input, output), next)
    }

    /// All time steps, by the inner cell's own `unroll`.
    public func unroll(
        _ inputs: Tensor, initialState: Cell.State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Cell.State> {
        var result = cell.unroll(inputs, initialState: initialState, lengths: lengths, direction: direction)
        result.outputs = sum(inputs.zeroed(past: lengths), result.outputs)
        return result
    }
}
