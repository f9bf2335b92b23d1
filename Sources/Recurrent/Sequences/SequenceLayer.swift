/// A layer over whole sequences, whose outputs may depend on steps before and after.
///
/// It has no `step`. Layers of one kind or several feed one another: `upper(lower(x, lengths: l), lengths: l)`, or, as
/// an array, `layers.reduce(x) { flowing, layer in layer(flowing, lengths: l) }`.
public protocol SequenceLayer: Sendable {
    /// From `[time, batch, features]` to `[time, batch, outputs]`.
    /// - Parameters:
    ///   - inputs: The sequences; what stands past their ends does not matter.
    ///   - lengths: The number of steps of every sequence, at most `time`; all steps where nil. Past the ends outputs
    ///     are zero.
    func callAsFunction(_ inputs: Tensor, lengths: [Int]?) -> Tensor
}

extension SequenceLayer {
    /// From `[time, batch, features]` to `[time, batch, outputs]`, over all steps.
    public func callAsFunction(_ inputs: Tensor) -> Tensor { self(inputs, lengths: nil) }
}
