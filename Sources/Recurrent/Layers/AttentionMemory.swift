/// A memory that attention looks at: an encoder's states with their keys.
public struct AttentionMemory: Sendable {
    /// The layer that scores.
    let attention: Attention
    /// What queries are scored against, `[time, batch, units]`.
    let keys: Tensor
    /// What is summed, `[time, batch, features]`.
    let values: Tensor
    /// The number of steps of every sequence; nil where all have all.
    let lengths: [Int]?

    /// The contexts `[batch, features]` of one query for each sequence, `[batch, query]`, and the weights
    /// `[batch, time]` that they are made with: they add up to 1 over a sequence's own steps. Of a sequence without
    /// steps both are zero.
    public func callAsFunction(_ query: Tensor) -> (context: Tensor, weights: Tensor) {
        require(query.rank == 2, "a query has the shape [batch, features], not \(query.shape)")
        let all = contexts(for: query.reshaped([1] + query.shape))
        return (
            all.contexts.reshaped(Array(all.contexts.shape.dropFirst())),
            all.weights.reshaped(Array(all.weights.shape.dropFirst()))
        )
    }

    /// The contexts `[queries, batch, features]` of many queries `[queries, batch, query]` at once, and the weights
    /// `[queries, batch, time]`.
    ///
    /// All of a decoder's states can so attend after it was unrolled by its kernel, where no context is fed to its next
    /// step: Luong's attention without input feeding (Luong, Pham and Manning 2015, without their section 3.3).
    public func contexts(for queries: Tensor) -> (contexts: Tensor, weights: Tensor) {
        attending(
            queries: attention.projected(queries), keys: keys, values: values, scoreVector: attention.scoreVector,
            scale: attention.scale(units: keys.shape[2]), lengths: lengths)
    }

    /// The same by the formulas, operation by operation: the plain definition that the fused one is held against.
    func allPlainly(_ queries: Tensor) -> (contexts: Tensor, weights: Tensor) {
        let projected = attention.projected(queries)
        let (number, time, batch, units) = (queries.shape[0], keys.shape[0], keys.shape[1], keys.shape[2])
        let (each, to) = (projected.reshaped([number, 1, batch, units]), keys.reshaped([1, time, batch, units]))
        let scores: Tensor
        if let scoreVector = attention.scoreVector {
            scores = (scoreVector * tanh(each + to)).sum(along: [3])
        } else {
            let scale = Tensor.full(attention.scale(units: units), shape: [], precision: keys.precision)
            scores = (each * to).sum(along: [3]) * scale
        }
        // [queries, time, batch] to [queries, batch, time].
        let rows = scores.transposed([0, 2, 1])
        let steps = lengths ?? Array(repeating: time, count: batch)
        let valid: [Float] = steps.flatMap { length in (0..<time).map { t in t < length ? 1 : 0 } }
        let isValid = Tensor(valid, shape: [1, batch, time])
        let most = rows.detached().max(along: [2]).reshaped([number, batch, 1])
        let zero = Tensor.zeros([], precision: rows.precision)
        let masses = select(isValid, exp(rows - most), zero)
        let sums = masses.sum(along: [2]).reshaped([number, batch, 1])
        let weights = masses / select(sums .> zero, sums, .ones([], precision: rows.precision))
        let spread = weights.transposed([0, 2, 1]).reshaped([number, time, batch, 1])
        return ((spread * values.reshaped([1] + values.shape)).sum(along: [1]), weights)
    }

    /// The memory with every sequence `count` times in a row, as a beam of hypotheses for each reads it.
    func repeated(_ count: Int) -> AttentionMemory {
        guard count != 1 else { return self }
        let (time, batch) = (keys.shape[0], keys.shape[1])
        let rows = IntegerTensor(
            (0..<time).flatMap { t in
                (0..<batch).flatMap { Array(repeating: t * batch + $0, count: count) }
            })
        func repeated(_ tensor: Tensor) -> Tensor {
            let width = tensor.shape[2]
            return tensor.reshaped([time * batch, width]).gather(rows).reshaped([time, batch * count, width])
        }
        return AttentionMemory(
            attention: attention, keys: repeated(keys), values: repeated(values),
            lengths: lengths?.flatMap { Array(repeating: $0, count: count) })
    }
}
