/// Stacked cells whose layers run at once on different worker threads: while a layer computes a stretch of time steps,
/// the layer above computes the stretch before, and on the way back the layer below does.
///
/// The sequence is cut into segments of time; in phase `p` layer `l` computes segment `p - l`, each on one worker.
/// Values are those of `StackedCells` to the bit, gradients to rounding, whatever the number of threads. `rnn
/// benchmark wavefront` shows where it is faster than dividing the batch. Where a cell has no
/// kernel, or there is only one layer or segment, the stack is unrolled layer by layer.
///
///     let cell = Wavefront((0..<4).map { LSTMCell(inputSize: 128, hiddenSize: 128, &binder["cell", $0]) })
public struct Wavefront<Cell: RecurrentCell>: RecurrentCell {
    /// The states of the layers, the lowest first.
    public typealias State = StackedCells<Cell>.State

    /// The layers.
    public let stack: StackedCells<Cell>
    /// The time steps of a segment. Where none are given, a sixteenth of the sequence, but enough for 64 rows of batch
    /// and time together: each segment adds to the weights' gradients as a whole, which fewer rows are not worth.
    let segmentLength: Int?

    /// Makes a stack of at least one cell, the lowest first.
    public init(_ cells: [Cell], segmentLength: Int? = nil) {
        require(segmentLength ?? 1 > 0, "a segment of \(segmentLength ?? 0) time steps")
        stack = StackedCells(cells)
        self.segmentLength = segmentLength
    }

    /// The layers' zero states.
    public func zeroState(batch: Int) -> State { stack.zeroState(batch: batch) }

    /// One time step of every layer.
    public func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) {
        stack.step(input, state: state)
    }

    /// All time steps, the layers at once.
    public func unroll(
        _ inputs: Tensor, initialState: State?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<State> {
        checkSequence(inputs, lengths: lengths)
        let (steps, batch) = (inputs.shape[0], inputs.shape[1])
        let segments = Segment.all(
            of: steps, length: segmentLength ?? max((steps + 15) / 16, 64 / max(1, batch), 1))
        let layers = stack.cells.compactMap(fusedLayer)
        guard layers.count == stack.cells.count, layers.count > 1, segments.count > 1 else {
            return stack.unroll(inputs, initialState: initialState, lengths: lengths, direction: direction)
        }
        let results = unrollLayersAtOnce(
            layers, inputs, states: initialState?.layers.map(\.tensors),
            segments: direction == .forward ? segments : segments.reversed(), lengths: lengths, direction: direction)
        let shape = initialState ?? zeroState(batch: batch)
        return Unrolled(outputs: results[0], state: shape.with(results.dropFirst()))
    }
}
