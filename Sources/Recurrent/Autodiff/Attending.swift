import CKernels

/// Attention over a memory as one operation: for every query the softmax of its scores over each sequence's own steps,
/// and the sum of the values that it weighs.
/// - Parameters:
///   - queries: `[queries, batch, units]`.
///   - keys: `[time, batch, units]`.
///   - values: `[time, batch, features]`.
///   - scoreVector: `[units]`: the score is scoreVector . tanh(query + key). Without one it is scale * query . key.
///   - scale: The factor of scores without a score vector.
///   - lengths: The number of steps of every sequence; all steps where none are given. What stands past them is not
///     read, its weights are exactly zero, and so are the gradients there.
/// - Returns: Contexts `[queries, batch, features]` and weights `[queries, batch, time]`.
func attending(
    queries: Tensor, keys: Tensor, values: Tensor, scoreVector: Tensor?, scale: Double = 1, lengths: [Int]?
) -> (contexts: Tensor, weights: Tensor) {
    let given = [queries, keys, values] + (scoreVector.map { [$0] } ?? [])
    require(
        queries.rank == 3 && keys.rank == 3 && values.rank == 3 && queries.shape[1] == keys.shape[1]
            && queries.shape[2] == keys.shape[2] && values.shape[..<2] == keys.shape[..<2]
            && (scoreVector.map { $0.shape == [keys.shape[2]] } ?? true),
        "queries \(queries.shape), keys \(keys.shape) and values \(values.shape) do not make an attention")
    checkSequence(keys, lengths: lengths)
    let precision: Precision = given.contains { $0.precision == .double } ? .double : .single
    let converted = given.map { $0.converted(to: precision) }
    let run = AttentionRun(inputs: converted.map { $0.detached() }, scale: scale, lengths: lengths)
    let (contexts, weights) = run.forward()
    let links = converted.map(\.link)
    guard links.contains(where: { $0 != nil }) else { return (contexts, weights) }
    let node = Node(inputs: links, outputs: 2) { flow in
        let gradients = run.backward(
            weights: weights, contextGradient: flow.outputs[0], weightGradient: flow.outputs[1])
        for (index, gradient) in gradients.enumerated() { flow.add(gradient, to: index) }
    }
    return (contexts.linked(to: node, output: 0), weights.linked(to: node, output: 1))
}

/// What both passes of the kernel are described by.
private struct AttentionRun: Sendable {
    /// Queries, keys, values and perhaps the score vector, detached, of one precision.
    let inputs: [Tensor]
    let scale: Double
    let lengths: [Int32]?

    init(inputs: [Tensor], scale: Double, lengths: [Int]?) {
        self.inputs = inputs
        self.scale = scale
        self.lengths = lengths?.map(Int32.init)
    }

    private var queries: Tensor { inputs[0] }
    private var keys: Tensor { inputs[1] }
    private var values: Tensor { inputs[2] }

    private func withDescription(
        weights: UnsafeMutableRawPointer, contexts: UnsafeMutableRawPointer?,
        _ body: (UnsafePointer<ck_attention>) -> Void
    ) {
        func run(_ lengths: UnsafePointer<Int32>?) {
            var description = ck_attention(
                queries: Int64(queries.shape[0]), steps: Int64(keys.shape[0]), batch: Int64(keys.shape[1]),
                units: Int64(keys.shape[2]), features: Int64(values.shape[2]), lengths: lengths, scale: scale,
                query: queries.pointer, keys: keys.pointer, values: values.pointer,
                score_vector: inputs.count > 3 ? inputs[3].pointer : nil,
                weights: weights, contexts: contexts)
            body(&description)
        }
        if let lengths { lengths.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    }

    func forward() -> (contexts: Tensor, weights: Tensor) {
        let (number, batch) = (queries.shape[0], queries.shape[1])
        let precision = queries.precision
        let contexts = Tensor(uninitialized: [number, batch, values.shape[2]], precision: precision)
        let weights = Tensor(uninitialized: [number, batch, keys.shape[0]], precision: precision)
        withDescription(weights: weights.pointerForWriting, contexts: contexts.pointerForWriting) {
            queries.kernels.attention_forward($0)
        }
        return (contexts, weights)
    }

    /// The gradients of the inputs, in their order.
    func backward(weights: Tensor, contextGradient: Tensor?, weightGradient: Tensor?) -> [Tensor] {
        let precision = queries.precision
        var found = inputs[..<3].map { Tensor(uninitialized: $0.shape, precision: precision) }
        let parts =
            inputs.count > 3 ? Tensor(uninitialized: [keys.shape[1], keys.shape[2]], precision: precision) : nil
        var gradients = ck_attention_gradients(
            contexts: contextGradient?.pointer,
            weights: weightGradient?.pointer, query: found[0].pointerForWriting,
            keys: found[1].pointerForWriting, values: found[2].pointerForWriting,
            score_vectors: parts?.pointerForWriting)
        withExtendedLifetime((contextGradient, weightGradient)) {
            // The backward kernel only reads the weights.
            withDescription(weights: UnsafeMutableRawPointer(mutating: weights.pointer), contexts: nil) {
                queries.kernels.attention_backward($0, &gradients)
            }
        }
        if let parts { found.append(parts.reduced(CK_SUM, along: [0]).withShape([keys.shape[2]])) }
        return found
    }
}
