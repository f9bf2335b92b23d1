/// The state of an LSTM that moves a window over a text.
public struct SoftWindowState: RecurrentState {
    /// The LSTM's cell state, `[batch, hidden]`.
    public var c: Tensor
    /// Its hidden state, `[batch, hidden]`.
    public var h: Tensor
    /// Where the window's curves stand, in characters from 1, `[batch, components]`.
    public var kappa: Tensor
    /// The window over the text, `[batch, symbols]`.
    public var window: Tensor

    /// Puts the parts together.
    package init(c: Tensor, h: Tensor, kappa: Tensor, window: Tensor) {
        self.c = c
        self.h = h
        self.kappa = kappa
        self.window = window
    }

    /// The combination of every part.
    public func combined(with other: SoftWindowState, _ combine: (Tensor, Tensor) -> Tensor) -> SoftWindowState {
        SoftWindowState(
            c: combine(c, other.c), h: combine(h, other.h), kappa: combine(kappa, other.kappa),
            window: combine(window, other.window))
    }

    /// The state with its hidden state and the window replaced; the cell state and kappa stay.
    public func mapHidden(_ transform: (Tensor) -> Tensor) -> SoftWindowState {
        SoftWindowState(c: c, h: transform(h), kappa: kappa, window: transform(window))
    }
}

/// An LSTM that reads texts through a soft window, which it moves: the lowest layer of Graves' synthesis network (2013,
/// figure 12). Its inputs are the step's, with the window of the step before; its outputs are its hidden state and the
/// window, side by side.
public struct SoftWindowCell: RecurrentCell {
    /// Reads inputs and window, side by side.
    public let lstm: LSTMCell
    /// Moved by the LSTM's hidden state.
    let window: SoftWindow
    /// What is read.
    let texts: WindowTexts

    /// Puts an LSTM, whose inputs are `symbols` wider than the cell's, a window and texts together.
    public init(lstm: LSTMCell, window: SoftWindow, texts: WindowTexts) {
        require(
            window.weight.shape[0] == lstm.outputSize,
            "a window of \(window.weight.shape[0]) hidden units on an LSTM of \(lstm.outputSize)")
        self.lstm = lstm
        self.window = window
        self.texts = texts
    }

    /// Zeros: the curves stand before the first character.
    public func zeroState(batch: Int) -> SoftWindowState {
        require(batch == texts.lengths.count, "a batch of \(batch) for \(texts.lengths.count) texts")
        let (state, precision) = (lstm.zeroState(batch: batch), lstm.bias.precision)
        return SoftWindowState(
            c: state.c, h: state.h, kappa: .zeros([batch, window.components], precision: precision),
            window: .zeros([batch, texts.symbols], precision: precision))
    }

    /// One time step, by its definition.
    public func step(_ input: Tensor, state: SoftWindowState) -> (output: Tensor, state: SoftWindowState) {
        let read = Tensor.concatenated([input, state.window], axis: 1)
        let next = lstm.step(read, state: LSTMState(c: state.c, h: state.h)).state
        return output(next, window.moveStepwise(hidden: next.h, kappa: state.kappa, over: texts))
    }

    private func output(
        _ lstm: LSTMState, _ moved: (kappa: Tensor, window: Tensor)
    ) -> (output: Tensor, state: SoftWindowState) {
        let state = SoftWindowState(c: lstm.c, h: lstm.h, kappa: moved.kappa, window: moved.window)
        return (.concatenated([state.h, state.window], axis: 1), state)
    }

    /// All time steps, each by the kernels of the LSTM and of the window.
    public func unroll(
        _ inputs: Tensor, initialState: SoftWindowState?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<SoftWindowState> {
        let steps = FusedSteps(cell: self)
        return steps.unrollStepwise(inputs, initialState: initialState, lengths: lengths, direction: direction)
    }

    private struct FusedSteps: RecurrentCell {
        let cell: SoftWindowCell

        func zeroState(batch: Int) -> SoftWindowState { cell.zeroState(batch: batch) }

        func step(_ input: Tensor, state: SoftWindowState) -> (output: Tensor, state: SoftWindowState) {
            let read = Tensor.concatenated([input, state.window], axis: 1)
            let width = read.shape[1]
            let next = cell.lstm.unroll(
                read.reshaped([1, read.shape[0], width]), from: LSTMState(c: state.c, h: state.h)
            ).state
            return cell.output(next, cell.window.move(hidden: next.h, kappa: state.kappa, over: cell.texts))
        }
    }
}
