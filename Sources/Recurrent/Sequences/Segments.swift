/// A stretch of a long sequence.
public struct Segment: Sendable, Equatable {
    /// Its time steps.
    public let steps: Range<Int>

    /// The numbers of steps that sequences of these lengths have within the segment.
    public func lengths(_ lengths: [Int]) -> [Int] {
        lengths.map { max(0, min($0, steps.upperBound) - steps.lowerBound) }
    }

    /// The segments of a sequence, the first steps first; of about the square root of its steps where no length is
    /// given.
    static func all(of steps: Int, length: Int?) -> [Segment] {
        let length = length ?? max(1, Int(Double(steps).squareRoot().rounded(.up)))
        require(length > 0, "a segment of \(length) steps")
        return stride(from: 0, to: steps, by: length).map { Segment(steps: $0..<min($0 + length, steps)) }
    }
}

/// The loss of a long sequence in memory that grows with the square root of its steps, as the sum of its segments'
/// losses.
///
/// `body` gives a segment's part of the loss, a scalar, and the state after it, from the state before it. It is run
/// once for every segment, of which only the states are kept; on the walk back it is run again for each, the last
/// first. The gradients are those of the whole sequence, at the cost of a second forward pass. `body` makes each
/// segment's inputs, so that these are not all there at once either, and must do the same every time it is run.
///
///     let (loss, state) = segmentedLoss(over: 10_000, from: cell.zeroState(batch: 8)) { segment, state in
///         let unrolled = cell.unroll(signal(segment.steps), from: state)
///         return (meanSquaredError(output(unrolled.outputs), target(segment.steps)) / 100, unrolled.state)
///     }
///
/// T. Chen et al., "Training deep nets with sublinear memory cost", 2016.
/// - Parameters:
///   - steps: The number of time steps, at least 1.
///   - segmentLength: The steps of a segment; about the square root of `steps` where none are given.
///   - initialState: The state before the first segment.
///   - direction: With `.reversed` the last segment is the first.
public func segmentedLoss<State: RecurrentState>(
    over steps: Int, segmentLength: Int? = nil, from initialState: State, direction: Direction = .forward,
    _ body: @escaping @Sendable (Segment, State) -> (loss: Tensor, state: State)
) -> (loss: Tensor, state: State) {
    require(steps > 0, "a loss over \(steps) time steps")
    let segments = Segment.all(of: steps, length: segmentLength)
    var state = initialState
    var loss: Tensor?
    for segment in direction == .forward ? segments : segments.reversed() {
        let part: Tensor
        (part, state) = recomputed([], from: state) { _, state in body(segment, state) }
        require(part.count == 1, "a segment's loss is a scalar, not a tensor of shape \(part.shape)")
        loss = loss.map { $0 + part } ?? part
    }
    return (loss.unsafelyUnwrapped, state)
}

extension RecurrentCell {
    /// All time steps of a sequence, as `unroll` gives them, without keeping what the walk back needs of every step:
    /// that is computed again, segment by segment, at the cost of a second forward pass.
    ///
    /// Inputs and outputs are held as ever; `segmentedLoss` is for sequences too long for that. A reversed sequence has
    /// other masks than `unroll` draws where dropout has a mask for every step. Parameters as in `unroll`, and:
    /// - Parameter segmentLength: The steps of a segment; about the square root of the time steps where none are given.
    public func unrollInSegments(
        _ inputs: Tensor, segmentLength: Int? = nil, from initialState: State? = nil, lengths: [Int]? = nil,
        direction: Direction = .forward
    ) -> Unrolled<State> {
        checkSequence(inputs, lengths: lengths)
        require(inputs.shape[0] > 0, "a sequence of no steps has no segments")
        let segments = Segment.all(of: inputs.shape[0], length: segmentLength)
        let parts = Array(zip(segments, inputs.split(axis: 0, segments.map(\.steps.count))))
        var state = initialState ?? zeroState(batch: inputs.shape[1])
        var outputs: [Tensor] = []
        for (segment, part) in direction == .forward ? parts : parts.reversed() {
            let output: Tensor
            (output, state) = recomputed([part], from: state) { inputs, state in
                let unrolled = unroll(
                    inputs[0], initialState: state, lengths: lengths.map(segment.lengths), direction: direction)
                return (unrolled.outputs, unrolled.state)
            }
            outputs.append(output)
        }
        return Unrolled(outputs: .concatenated(direction == .forward ? outputs : outputs.reversed()), state: state)
    }
}

/// A result and a state that are computed from inputs and a state, and again on the walk back.
private func recomputed<State: RecurrentState>(
    _ inputs: [Tensor], from state: State,
    _ body: @escaping @Sendable ([Tensor], State) -> (Tensor, State)
) -> (Tensor, State) {
    let (before, count) = (state.detached(), inputs.count)
    let (results, after) = recomputed(inputs + state.tensors) { tensors in
        let (result, next) = body(Array(tensors.prefix(count)), before.with(tensors.dropFirst(count)))
        return ([result] + next.tensors, next.detached())
    }
    // A state may carry other things than tensors, such as the number of steps that dropout has seen.
    return (results[0], after.with(results.dropFirst()))
}

extension RecurrentState {
    /// A state of the same kind with these parts.
    func with(_ parts: some Collection<Tensor>) -> Self {
        var rest = parts.makeIterator()
        return map { _ in
            guard let part = rest.next() else { fatalError("a state of other parts than the one before it") }
            return part
        }
    }
}
