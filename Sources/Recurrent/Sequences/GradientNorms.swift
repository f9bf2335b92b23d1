/// How large a loss's gradient is at every time step: what shows gradients vanish or explode on their way back.
public struct GradientNorms: Sendable {
    /// For every time step, the norm of the gradient with respect to its inputs.
    public let inputs: [Double]
    /// For every time step, the norm of the gradient with respect to the hidden state that the step gives, through its
    /// output and through all later steps.
    public let hidden: [Double]
}

extension RecurrentCell {
    /// The norms of the gradients of a loss at every time step of a sequence (Pascanu, Mikolov and Bengio 2013).
    ///
    /// A norm is over all sequences of the batch and all features, and over all layers of a stack. The cell is unrolled
    /// step by step: exact for any cell, and slow.
    ///
    ///     let norms = cell.gradientNorms(over: x) { result in result.outputs[99].squared().sum() }
    /// - Parameters:
    ///   - inputs: `[time, batch, features]`, at least one step.
    ///   - initialState: The state before the first step; `zeroState` where none is given.
    ///   - lengths: The number of steps of every sequence; all steps where none are given. Past its end a sequence adds
    ///     nothing to a norm.
    ///   - direction: The order of the steps.
    ///   - loss: A scalar computed from outputs and final state.
    public func gradientNorms(
        over inputs: Tensor, from initialState: State? = nil, lengths: [Int]? = nil, direction: Direction = .forward,
        loss: (Unrolled<State>) -> Tensor
    ) -> GradientNorms {
        let inputs = inputs.tracked()
        var hidden: [(time: Int, part: Tensor)] = []
        let result = unrollStepwise(
            inputs, initialState: initialState, lengths: lengths, direction: direction
        ) { time, state in
            _ = state.mapHidden { part in
                if part.isTracked { hidden.append((time, part)) }
                return part
            }
        }
        let found = gradients(of: loss(result), withRespectTo: [inputs] + hidden.map(\.part))
        var squares = [Double](repeating: 0, count: inputs.shape[0])
        for (place, gradient) in zip(hidden, found.dropFirst()) { squares[place.time] += gradient.sumOfSquares }
        return GradientNorms(
            inputs: found[0].unstacked().map { $0.sumOfSquares.squareRoot() }, hidden: squares.map { $0.squareRoot() })
    }
}

extension Tensor {
    fileprivate var sumOfSquares: Double { kernels.sum_of_squares(pointer, Int64(count)) }
}
