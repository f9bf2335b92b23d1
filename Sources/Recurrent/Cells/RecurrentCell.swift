/// The order in which the steps of a sequence are taken.
public enum Direction: Sendable {
    /// From the first step to the last.
    case forward
    /// From the last step to the first; with lengths, from each sequence's own last step.
    case reversed
}

/// What unrolling a cell over a sequence gives.
public struct Unrolled<State: RecurrentState>: Sendable {
    /// The output of every step, `[time, batch, features]`; zero past a sequence's end.
    public var outputs: Tensor
    /// The state after each sequence's last step (reversed: after its first).
    public var state: State

    /// Makes a result of its parts.
    public init(outputs: Tensor, state: State) {
        self.outputs = outputs
        self.state = state
    }
}

/// A network of one time step: from an input and a state to an output and the next state.
///
/// Only `step` and `zeroState` need to be written; with these a cell unrolls over sequences of any lengths in both
/// directions, stacks and trains. Write numbers in formulas as they are (`1 - z`): an explicit `Double` variable in a
/// long formula makes the type checker slow.
public protocol RecurrentCell: Sendable {
    /// What is carried from step to step.
    associatedtype State: RecurrentState

    /// The state before the first step, usually zeros.
    func zeroState(batch: Int) -> State

    /// One time step: input `[batch, features]`.
    func step(_ input: Tensor, state: State) -> (output: Tensor, state: State)

    /// All time steps of `[time, batch, features]`: what a cell writes, while its users call `unroll(_:from:)`, which
    /// checks the inputs first and has defaults. The default is `unrollStepwise`; cells with a fused kernel, and wrappers
    /// around such cells, have their own.
    func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State>
}

extension RecurrentCell {
    /// All time steps of `[time, batch, features]`, by the cell's `step`.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction)
    }

    /// All time steps of a sequence: what TensorFlow calls `dynamic_rnn`.
    /// - Parameters:
    ///   - inputs: `[time, batch, features]`.
    ///   - initialState: The state before the first step; `zeroState` where none is given.
    ///   - lengths: The number of steps of every sequence, at most `time`; all steps where none are given. Outputs past
    ///     a sequence's end are zero, and its state stays.
    ///   - direction: The order of the steps.
    public func unroll(
        _ inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil, direction: Direction = .forward
    ) -> Unrolled<State> {
        checkSequence(inputs, lengths: lengths)
        return unroll(inputs, initialState: initialState, lengths: lengths, direction: direction)
    }

    /// All time steps of a list of step inputs `[batch, features]`: what TensorFlow calls `static_rnn`.
    public func unroll(
        _ inputs: [Tensor], from initialState: State? = nil, lengths: [Int]? = nil, direction: Direction = .forward
    ) -> (outputs: [Tensor], state: State) {
        let all = unroll(.stacked(inputs), from: initialState, lengths: lengths, direction: direction)
        return (all.outputs.unstacked(), all.state)
    }

    /// All time steps by calling `step` for each: the plain definition that fused kernels are held against.
    public func unrollStepwise(
        _ inputs: Tensor, initialState: State? = nil, lengths: [Int]? = nil, direction: Direction = .forward
    ) -> Unrolled<State> {
        unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction) { _, _ in }
    }

    /// As `unrollStepwise`; `observe` is called with every step's number and the state that the step gave, also to
    /// sequences that have ended, whose state it does not become.
    func unrollStepwise(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction,
        observing observe: (Int, State) -> Void
    ) -> Unrolled<State> {
        checkSequence(inputs, lengths: lengths)
        let (time, batch) = (inputs.shape[0], inputs.shape[1])
        require(time > 0, "a sequence of no steps cannot be unrolled step by step")
        var state = initialState ?? zeroState(batch: batch)
        let steps = inputs.unstacked()
        var outputs: [Tensor?] = Array(repeating: nil, count: time)
        let order = direction == .forward ? Array(0..<time) : (0..<time).reversed()
        for t in order {
            guard let lengths, lengths.contains(where: { $0 <= t }) else {
                (outputs[t], state) = step(steps[t], state: state)
                observe(t, state)
                continue
            }
            // Past a sequence's end its inputs are replaced too: NaN there would reach the weights' gradients.
            let running = Tensor(lengths.map { $0 > t ? Float(1) : 0 }, shape: [batch, 1])
            let zero = Tensor.zeros([], precision: inputs.precision)
            let (output, next) = step(select(running, steps[t], zero), state: state)
            observe(t, next)
            outputs[t] = select(running, output, .zeros([], precision: output.precision))
            state = next.combined(with: state) { select(running, $0, $1) }
        }
        return Unrolled(outputs: .stacked(outputs.compactMap { $0 }), state: state)
    }
}
