/// A cell of whatever kind, chosen when the program runs.
public struct AnyCell: RecurrentCell, CellWrapper {
    /// The state of the wrapped cell.
    public struct State: RecurrentState {
        let wrapped: any RecurrentState

        /// The hidden state, `[batch, hidden]`: what a built-in cell gives out too.
        public var hidden: Tensor {
            var last: Tensor?
            _ = wrapped.mapHidden { part in
                last = part
                return part
            }
            guard let last else { fatalError("a state of \(type(of: wrapped)) has no hidden part") }
            return last
        }

        /// The combination of two states of one kind of cell.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            func combined<S: RecurrentState>(_ state: S) -> State {
                guard let same = other.wrapped as? S else {
                    fatalError("states of different cells, \(S.self) and \(type(of: other.wrapped))")
                }
                return State(wrapped: state.combined(with: same, combine))
            }
            return combined(wrapped)
        }

        /// The state with the wrapped state's hidden parts replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(wrapped: wrapped.mapHidden(transform))
        }
    }

    /// The wrapped cell.
    let wrapped: any RecurrentCell

    /// Wraps a cell.
    public init(_ cell: some RecurrentCell) { wrapped = cell }

    var cellAlone: (any RecurrentCell)? { wrapped }

    private func state<C: RecurrentCell>(_ state: State, of cell: C) -> C.State {
        guard let own = state.wrapped as? C.State else {
            fatalError("a state of \(type(of: state.wrapped)) for a cell of \(C.self)")
        }
        return own
    }

    /// The wrapped cell's zero state.
    public func zeroState(batch: Int) -> State { State(wrapped: wrapped.zeroState(batch: batch)) }

    /// One time step.
    public func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) {
        func step<C: RecurrentCell>(_ cell: C) -> (Tensor, State) {
            let (output, next) = cell.step(input, state: self.state(state, of: cell))
            return (output, State(wrapped: next))
        }
        return step(wrapped)
    }

    /// All time steps, by the wrapped cell.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        func unroll<C: RecurrentCell>(_ cell: C) -> Unrolled<State> {
            let result = cell.unroll(
                inputs, initialState: initialState.map { state($0, of: cell) }, lengths: lengths,
                direction: direction)
            return Unrolled(outputs: result.outputs, state: State(wrapped: result.state))
        }
        return unroll(wrapped)
    }
}
