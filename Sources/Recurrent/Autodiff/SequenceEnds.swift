extension Tensor {
    /// The sequence `[time, batch, features]` with zeros past every end, whatever stood there, NaN too. No gradient
    /// flows to what was replaced.
    func zeroed(past lengths: [Int]?) -> Tensor {
        checkSequence(self, lengths: lengths)
        guard let lengths, lengths.contains(where: { $0 < shape[0] }) else { return self }
        return select(runningSteps(lengths, time: shape[0]), self, .zeros([], precision: precision))
    }

    /// Every sequence's own last step: `[time, batch, features]` to `[batch, features]`. Of a sequence without steps it
    /// is the first, which a layer's outputs have as zeros.
    public func lastSteps(lengths: [Int]) -> Tensor {
        checkSequence(self, lengths: lengths)
        let rows = lengths.enumerated().map { place, length in Swift.max(0, length - 1) * lengths.count + place }
        return reshaped([shape[0] * shape[1], shape[2]]).gather(IntegerTensor(rows))
    }
}

/// 1 for every step within its sequence and 0 past its end: `[time, batch, 1]`.
package func runningSteps(_ lengths: [Int], time: Int) -> Tensor {
    Tensor((0..<time).flatMap { t in lengths.map { $0 > t ? Float(1) : 0 } }, shape: [time, lengths.count, 1])
}

/// Stops the program where a sequence or its lengths have the wrong shape.
func checkSequence(_ inputs: Tensor, lengths: [Int]?) {
    require(inputs.rank == 3, "a sequence has the shape [time, batch, features], not \(inputs.shape)")
    guard let lengths else { return }
    require(
        lengths.count == inputs.shape[1], "\(lengths.count) lengths for a batch of \(inputs.shape[1]) sequences")
    for length in lengths {
        require(
            length >= 0 && length <= inputs.shape[0], "a length of \(length) in \(inputs.shape[0]) time steps")
    }
}
