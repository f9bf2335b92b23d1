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
    /// The inner cell's state, and the number of steps taken, which tells one step's masks from another's.
    public struct State: RecurrentState {
        /// The inner cell's state.
        public var cell: Cell.State
        /// The number of steps taken.
        public var step: Int

        /// Makes a state of its parts.
        public init(cell: Cell.State, step: Int = 0) {
            self.cell = cell
            self.step = step
        }

        /// The combination of the inner states; the number of steps is this one's.
        public func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            State(cell: cell.combined(with: other.cell, combine), step: step)
        }

        /// The state with the inner state's hidden parts replaced.
        public func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            State(cell: cell.mapHidden(transform), step: step)
        }
    }

    /// The inner cell.
    public let cell: Cell
    private let input, output, state: StepDropout

    private init(_ cell: Cell, _ input: StepDropout, _ output: StepDropout, _ state: StepDropout) {
        self.cell = cell
        self.input = input
        self.output = output
        self.state = state
    }

    /// Wraps a cell, with random streams of its own.
    /// - Parameters:
    ///   - cell: The inner cell.
    ///   - input: The probability that an element of the inputs is dropped.
    ///   - output: The probability that an element of the outputs is dropped.
    ///   - state: The probability that an element of the hidden state is dropped.
    ///   - masks: Which steps share a mask.
    ///   - binder: Where the streams come from.
    public init(
        _ cell: Cell, input: Float = 0, output: Float = 0, state: Float = 0, masks: DropoutMasks = .perStep,
        _ binder: inout Binder
    ) {
        self.init(
            cell, StepDropout(probability: input, masks: masks, random: binder.randomStream()),
            StepDropout(probability: output, masks: masks, random: binder.randomStream()),
            StepDropout(probability: state, masks: masks, random: binder.randomStream()))
    }

    /// Wraps a cell whose masks are drawn from the given source and its next two streams; without one nothing is
    /// dropped. Other parameters as above.
    public init(
        _ cell: Cell, input: Float = 0, output: Float = 0, state: Float = 0, masks: DropoutMasks = .perStep,
        random: RandomSource?
    ) {
        func stream(_ index: UInt64) -> RandomSource? { random.map { $0.stream($0.operation &+ index) } }
        self.init(
            cell, StepDropout(probability: input, masks: masks, random: stream(0)),
            StepDropout(probability: output, masks: masks, random: stream(1)),
            StepDropout(probability: state, masks: masks, random: stream(2)))
    }

    var cellAlone: (any RecurrentCell)? { input.isActive || output.isActive || state.isActive ? nil : cell }

    /// The inner cell's zero state, before the first step.
    public func zeroState(batch: Int) -> State { State(cell: cell.zeroState(batch: batch)) }

    /// One time step, with the masks of its number.
    public func step(_ x: Tensor, state given: State) -> (output: Tensor, state: State) {
        var part = 0
        let hidden = given.cell.mapHidden { tensor in
            defer { part += 1 }
            return state.part(part)(tensor, step: given.step)
        }
        let result = cell.step(input(x, step: given.step), state: hidden)
        return (output(result.output, step: given.step), State(cell: result.state, step: given.step + 1))
    }

    /// All time steps, by the inner cell's own `unroll`; step by step where the state is dropped.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        if state.isActive {
            return unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction)
        }
        let first = initialState?.step ?? 0
        let result = cell.unroll(
            input(inputs, from: first, direction: direction), initialState: initialState?.cell, lengths: lengths,
            direction: direction)
        return Unrolled(
            outputs: output(result.outputs, from: first, direction: direction),
            state: State(cell: result.state, step: first + inputs.shape[0]))
    }
}
