/// Cells of different kinds, each fed with the outputs of the one before. Its state has a part for each layer:
/// `let (lower, upper) = state.layers`.
///
///     let cell = Stack(
///         LSTMCell(inputSize: 28, hiddenSize: 100, &binder["lower"]),
///         GRUCell(inputSize: 100, hiddenSize: 50, &binder["upper"]))
public struct Stack<each Cell: RecurrentCell>: RecurrentCell {
    /// The states of the layers, the lowest first.
    public struct State: RecurrentState {
        /// One state for each layer.
        public var layers: (repeat (each Cell).State)

        /// Makes a state of its layers' states.
        public init(_ layers: repeat (each Cell).State) { self.layers = (repeat each layers) }

        /// The combination of the layers' states.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            State(repeat (each layers).combined(with: each other.layers, combine))
        }

        /// The state with the hidden parts of every layer replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(repeat (each layers).mapHidden(transform))
        }
    }

    /// The layers, the lowest first.
    public let cells: (repeat each Cell)

    /// Makes a stack of cells, the lowest first.
    public init(_ cells: repeat each Cell) { self.cells = (repeat each cells) }

    /// The layers' zero states.
    public func zeroState(batch: Int) -> State { State(repeat (each cells).zeroState(batch: batch)) }

    /// One time step of every layer.
    public func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) {
        var flowing = input
        func advance<C: RecurrentCell>(_ cell: C, _ state: C.State) -> C.State {
            let (output, next) = cell.step(flowing, state: state)
            flowing = output
            return next
        }
        let next = State(repeat advance(each cells, each state.layers))
        return (flowing, next)
    }

    /// All time steps, layer by layer.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        var flowing = inputs
        func advance<C: RecurrentCell>(_ cell: C, _ state: C.State?) -> C.State {
            let result = cell.unroll(flowing, initialState: state, lengths: lengths, direction: direction)
            flowing = result.outputs
            return result.state
        }
        let state =
            initialState.map { State(repeat advance(each cells, each $0.layers)) }
            ?? State(repeat advance(each cells, nil))
        return Unrolled(outputs: flowing, state: state)
    }
}

/// Cells of one kind, as many as the program decides when it runs.
public struct StackedCells<Cell: RecurrentCell>: RecurrentCell {
    /// The states of the layers, the lowest first.
    public struct State: RecurrentState {
        /// One state for each layer.
        public var layers: [Cell.State]

        /// Makes a state of its layers' states.
        public init(_ layers: [Cell.State]) { self.layers = layers }

        /// The combination of the layers' states.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            State(zip(layers, other.layers).map { $0.combined(with: $1, combine) })
        }

        /// The state with the hidden parts of every layer replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(layers.map { $0.mapHidden(transform) })
        }
    }

    /// The layers, the lowest first.
    public let cells: [Cell]

    /// Makes a stack of at least one cell, the lowest first.
    public init(_ cells: [Cell]) {
        require(!cells.isEmpty, "a stack needs at least one cell")
        self.cells = cells
    }

    /// The layers' zero states.
    public func zeroState(batch: Int) -> State { State(cells.map { $0.zeroState(batch: batch) }) }

    /// One time step of every layer.
    public func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) {
        var flowing = input
        var next: [Cell.State] = []
        for (cell, state) in zip(cells, state.layers) {
            let (output, after) = cell.step(flowing, state: state)
            flowing = output
            next.append(after)
        }
        return (flowing, State(next))
    }

    /// All time steps, layer by layer.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        var flowing = inputs
        var states: [Cell.State] = []
        for (index, cell) in cells.enumerated() {
            let result = cell.unroll(
                flowing, initialState: initialState?.layers[index], lengths: lengths, direction: direction)
            flowing = result.outputs
            states.append(result.state)
        }
        return Unrolled(outputs: flowing, state: State(states))
    }
}
