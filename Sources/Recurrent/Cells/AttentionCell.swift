/// A cell that looks at a memory after every step, and reads what it saw beside its next input (Bahdanau, Cho and
/// Bengio 2015; input feeding in Luong, Pham and Manning 2015, section 3.3).
///
/// A step's input and the last context stand side by side as the inner cell's input, so that its input size is the sum
/// of both. The inner cell's output is the query of the new context, and both side by side are this cell's output,
/// `[batch, hidden + features]`. This is the order of TensorFlow's `AttentionWrapper` without an attention layer.
public struct AttentionCell<Cell: RecurrentCell>: RecurrentCell {
    /// The inner cell's state and what was seen last.
    public struct State: RecurrentState {
        /// The inner cell's state.
        public var cell: Cell.State
        /// What the last step saw, `[batch, features]`.
        public var context: Tensor
        /// The weights that it was made with, `[batch, time]`.
        public var weights: Tensor

        /// Makes a state of its parts.
        init(cell: Cell.State, context: Tensor, weights: Tensor) {
            self.cell = cell
            self.context = context
            self.weights = weights
        }

        /// The combination of the inner states, the contexts and the weights.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            State(
                cell: cell.combined(with: other.cell, combine), context: combine(context, other.context),
                weights: combine(weights, other.weights))
        }

        /// The state with the inner state's hidden parts and the context replaced, which the next step's products read.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(cell: cell.mapHidden(transform), context: transform(context), weights: weights)
        }
    }

    /// The inner cell.
    public let cell: Cell
    /// What is looked at.
    let memory: AttentionMemory

    /// Wraps a cell.
    public init(_ cell: Cell, memory: AttentionMemory) {
        self.cell = cell
        self.memory = memory
    }

    /// The inner cell's zero state, and a context of zeros.
    public func zeroState(batch: Int) -> State { state(from: cell.zeroState(batch: batch)) }

    /// An inner state, such as an encoder's final one, and a context of zeros.
    public func state(from cell: Cell.State) -> State {
        let (time, batch, features) = (memory.values.shape[0], memory.values.shape[1], memory.values.shape[2])
        let precision = memory.values.precision
        return State(
            cell: cell, context: .zeros([batch, features], precision: precision),
            weights: .zeros([batch, time], precision: precision))
    }

    /// One time step.
    public func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) {
        let seen = Tensor.concatenated([input, state.context], axis: 1)
        // One step of the inner cell's kernel, not its many small operations.
        let result = cell.unroll(seen.reshaped([1] + seen.shape), from: state.cell)
        let hidden = result.outputs.reshaped(Array(result.outputs.shape.dropFirst()))
        let (context, weights) = memory(hidden)
        return (
            .concatenated([hidden, context], axis: 1), State(cell: result.state, context: context, weights: weights)
        )
    }

    /// All time steps, and the weights `[steps, batch, time]` of every step; zero past a sequence's end.
    public func unrollWithWeights(
        _ inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil, direction: Direction = .forward
    ) -> (result: Unrolled<State>, weights: Tensor) {
        var weights: [Tensor?] = Array(repeating: nil, count: inputs.shape[0])
        let result = unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction) {
            weights[$0] = $1.weights
        }
        return (result, Tensor.stacked(weights.compactMap { $0 }).zeroed(past: lengths))
    }
}
