/// Bidirectional layers, each fed with the merged outputs of the one before: PyTorch's `bidirectional=True` with
/// several layers.
public struct StackedBidirectional<Forward: RecurrentCell, Backward: RecurrentCell>: SequenceLayer {
    /// The states of the layers, the lowest first.
    public struct State: RecurrentState {
        /// Both directions' states for each layer.
        public var layers: [Bidirectional<Forward, Backward>.State]

        /// Makes a state of its layers' states.
        init(_ layers: [Bidirectional<Forward, Backward>.State]) { self.layers = layers }

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
    public let layers: [Bidirectional<Forward, Backward>]

    /// Makes a stack of at least one layer, the lowest first.
    public init(_ layers: [Bidirectional<Forward, Backward>]) {
        require(!layers.isEmpty, "a stack needs at least one layer")
        self.layers = layers
    }

    /// The highest layer's outputs and every layer's final states.
    /// - Parameters:
    ///   - inputs: `[time, batch, features]`.
    ///   - initialState: The states that the cells begin from; zero states where none are given.
    ///   - lengths: The number of steps of every sequence; all steps where none are given.
    public func unroll(
        _ inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil
    ) -> Unrolled<State> {
        require(
            initialState.map { $0.layers.count == layers.count } ?? true,
            "\(initialState?.layers.count ?? 0) states for \(layers.count) layers")
        var flowing = inputs
        var states: [Bidirectional<Forward, Backward>.State] = []
        for (index, layer) in layers.enumerated() {
            let result = layer.unroll(flowing, from: initialState?.layers[index], lengths: lengths)
            flowing = result.outputs
            states.append(result.state)
        }
        return Unrolled(outputs: flowing, state: State(states))
    }

    /// The highest layer's merged outputs.
    public func callAsFunction(_ inputs: Tensor, lengths: [Int]?) -> Tensor {
        unroll(inputs, lengths: lengths).outputs
    }
}
