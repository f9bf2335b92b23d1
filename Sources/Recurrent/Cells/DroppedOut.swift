/// A cell with dropout on its inputs, outputs and state, in training only: TensorFlow's `DropoutWrapper`, but with
/// probabilities of dropping.
///
///     let cell = DroppedOut(
///         LSTMCell(inputSize: 28, hiddenSize: 150, &binder["cell"]), output: 0.3, masks: .perSequence, &binder)
///
/// Dropout of inputs and outputs keeps the inner cell's kernel. With dropout of the state the cell is unrolled step by
/// step, as the state changes between two steps. Dropped is the hidden state as the next step reads it: an LSTM's cell
/// state is left alone, and so is the final state that `unroll` gives. (TensorFlow drops the state when the step gives
/// it, which differs for the initial and the final state only.) Dropout of one-hot inputs fills them in.
public struct DroppedOut<Cell: RecurrentCell>: RecurrentCell, CellWrapper {
    /// The inner cell's state, and the number of steps taken, which tells one step's masks from another's. It begins
    /// anew with every training step, so a state that is saved and restored without it gives the same masks.
    public struct State: RecurrentState {
        /// The inner cell's state.
        public var cell: Cell.State
        private var stepsTaken = 0
        /// The random stream whose masks the steps had.
        private var stream: RandomSource?

        /// Makes a state from which no steps have been taken.
        init(cell: Cell.State) { self.cell = cell }

        /// The number of steps that were taken with masks from a stream.
        fileprivate func steps(of stream: RandomSource?) -> Int { stream == self.stream ? stepsTaken : 0 }

        /// The inner state after some more steps.
        fileprivate func advanced(by steps: Int, of stream: RandomSource?, to cell: Cell.State) -> State {
            var next = State(cell: cell)
            next.stepsTaken = self.steps(of: stream) + steps
            next.stream = stream
            return next
        }

        private func with(_ cell: Cell.State) -> State {
            var other = self
            other.cell = cell
            return other
        }

        /// The combination of the inner states; the number of steps is this one's.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            with(cell.combined(with: other.cell, combine))
        }

        /// The state with the inner state's hidden parts replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            with(cell.mapHidden(transform))
        }
    }

    /// The inner cell.
    public let cell: Cell
    private let input, output, state: StepDropout
    private let stream: RandomSource?

    /// Wraps a cell, with a random stream of its own.
    /// - Parameters:
    ///   - cell: The inner cell.
    ///   - input: The probability that an element of the inputs is dropped.
    ///   - output: The probability that an element of the outputs is dropped.
    ///   - state: The probability that an element of the hidden state is dropped.
    ///   - masks: Which steps share a mask.
    ///   - binder: Where the stream comes from.
    public init(
        _ cell: Cell, input: Float = 0, output: Float = 0, state: Float = 0, masks: DropoutMasks = .perStep,
        _ binder: inout Binder
    ) {
        self.init(cell, input: input, output: output, state: state, masks: masks, random: binder.randomStream())
    }

    /// Wraps a cell whose masks are drawn from the given source's stream and others of its seed; without a source
    /// nothing is dropped. Other parameters as above.
    package init(
        _ cell: Cell, input: Float = 0, output: Float = 0, state: Float = 0, masks: DropoutMasks = .perStep,
        random: RandomSource?
    ) {
        func dropout(_ probability: Float, _ place: Int) -> StepDropout {
            StepDropout(probability: probability, masks: masks, random: random).part(place)
        }
        self.cell = cell
        self.input = dropout(input, 0)
        self.output = dropout(output, 1)
        self.state = dropout(state, 2)
        stream = random
    }

    var cellAlone: (any RecurrentCell)? { input.isActive || output.isActive || state.isActive ? nil : cell }

    /// The inner cell's zero state, before the first step.
    public func zeroState(batch: Int) -> State { State(cell: cell.zeroState(batch: batch)) }

    /// One time step, with the masks of its number.
    public func step(_ x: Tensor, state given: State) -> (output: Tensor, state: State) {
        let number = given.steps(of: stream)
        var part = 0
        let hidden = given.cell.mapHidden { tensor in
            defer { part += 1 }
            return state.part(part)(tensor, step: number)
        }
        let result = cell.step(input(x, step: number), state: hidden)
        return (output(result.output, step: number), given.advanced(by: 1, of: stream, to: result.state))
    }

    /// All time steps, by the inner cell's own `unroll`; step by step where the state is dropped.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        if state.isActive {
            return unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction)
        }
        let first = initialState?.steps(of: stream) ?? 0
        let result = cell.unroll(
            input(inputs, from: first, direction: direction), initialState: initialState?.cell, lengths: lengths,
            direction: direction)
        let before = initialState ?? State(cell: result.state)
        return Unrolled(
            outputs: output(result.outputs, from: first, direction: direction),
            state: before.advanced(by: inputs.shape[0], of: stream, to: result.state))
    }
}
