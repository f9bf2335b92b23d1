/// How the outputs of two directions become one tensor.
public enum BidirectionalMerge: String, Sendable, Codable {
    /// Side by side, the forward ones first: `[time, batch, forward + backward]`.
    case concatenated
    /// Added.
    case summed
    /// Added and halved.
    case averaged

    /// The outputs of both directions as one; adding and averaging need equal widths.
    func callAsFunction(_ forward: Tensor, _ backward: Tensor) -> Tensor {
        if self == .concatenated { return .concatenated([forward, backward], axis: forward.rank - 1) }
        require(
            forward.shape == backward.shape,
            "outputs of the shapes \(forward.shape) and \(backward.shape) cannot be \(rawValue)")
        let sum = forward + backward
        return self == .averaged ? sum * 0.5 : sum
    }
}

/// Two cells over the same sequences, one from the first step to the last, one from each sequence's own last step to
/// the first (Schuster and Paliwal 1997).
///
///     let layer = Bidirectional(
///         forward: LSTMCell(inputSize: 28, hiddenSize: 100, &binder["forward"]),
///         backward: LSTMCell(inputSize: 28, hiddenSize: 100, &binder["backward"]))
///     let outputs = layer(images, lengths: lengths)               // [time, batch, 200]
public struct Bidirectional<Forward: RecurrentCell, Backward: RecurrentCell>: SequenceLayer {
    /// The states of the two cells.
    public struct State: RecurrentState {
        /// The forward cell's: after the last step.
        public var forward: Forward.State
        /// The backward cell's: after the first step.
        public var backward: Backward.State

        /// Makes a state of its two parts.
        init(forward: Forward.State, backward: Backward.State) {
            self.forward = forward
            self.backward = backward
        }

        /// The combination of the states of each direction.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            State(
                forward: forward.combined(with: other.forward, combine),
                backward: backward.combined(with: other.backward, combine))
        }

        /// The state with the hidden parts of both directions replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(forward: forward.mapHidden(transform), backward: backward.mapHidden(transform))
        }
    }

    /// The cell that goes from the first step to the last.
    public let forward: Forward
    /// The cell that goes from the last step to the first.
    public let backward: Backward
    /// How the outputs become one tensor.
    let merge: BidirectionalMerge

    /// Makes a layer of two cells, which may be of different kinds and sizes.
    public init(forward: Forward, backward: Backward, merge: BidirectionalMerge = .concatenated) {
        self.forward = forward
        self.backward = backward
        self.merge = merge
    }

    /// Both directions with their outputs apart: what TensorFlow's `bidirectional_dynamic_rnn` gives.
    ///
    /// Both outputs stand in the order of the inputs: the backward cell's first output has seen the whole sequence.
    /// - Parameters:
    ///   - inputs: `[time, batch, features]`.
    ///   - initialState: The states that the cells begin from; zero states where none are given.
    ///   - lengths: The number of steps of every sequence; all steps where none are given.
    public func unrollSeparately(
        _ inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil
    ) -> (forward: Unrolled<Forward.State>, backward: Unrolled<Backward.State>) {
        let first = forward.unroll(inputs, from: initialState?.forward, lengths: lengths)
        let second = backward.unroll(inputs, from: initialState?.backward, lengths: lengths, direction: .reversed)
        return (first, second)
    }

    /// Both directions with their outputs merged, and the final states. Parameters as in `unrollSeparately`.
    public func unroll(
        _ inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil
    ) -> Unrolled<State> {
        let both = unrollSeparately(inputs, from: initialState, lengths: lengths)
        return Unrolled(
            outputs: merge(both.forward.outputs, both.backward.outputs),
            state: State(forward: both.forward.state, backward: both.backward.state))
    }

    /// The merged outputs.
    public func callAsFunction(_ inputs: Tensor, lengths: [Int]?) -> Tensor {
        unroll(inputs, lengths: lengths).outputs
    }
}
