import CKernels

extension FusedRun {
    /// Reals of the gate buffer that stay in the second-level cache between the inputs' product and the steps.
    private static let cachedGates = 1 << 18
    /// Rows at least that the inputs' product is made of, so that its weights are not read too often.
    private static let fewestRows = 128

    /// The forward pass where nothing is kept for a backward pass: some time steps after the others, all in the same
    /// small buffer. It gives the bits that `forward` gives.
    func infer(_ packs: Packs, outputs: Tensor, finalHidden: Tensor, finalCell: Tensor?) {
        let stepsAtOnce = stepsAtOnce
        if stepsAtOnce >= time {
            _ = forward(packs, outputs: outputs, finalHidden: finalHidden, finalCell: finalCell)
            return
        }
        let begins = Array(stride(from: 0, to: time, by: stepsAtOnce))
        withDescription(packs, finalHidden: finalHidden, finalCell: finalCell) { whole in
            var part = whole
            part.lengths = nil
            part.steps = Int64(stepsAtOnce)
            let saved = Storage(count: Int(kernels.recurrent_saved_count(&part)), precision: precision)
            part.saved = saved.pointerForWriting
            for begin in reversed ? begins.reversed() : begins {
                let steps = min(stepsAtOnce, time - begin)
                part.steps = Int64(steps)
                part.x = whole.x.map { $0 + begin * batch * Int(whole.inputs) * precision.scalarBytes }
                part.tokens = whole.tokens.map { $0 + begin * batch }
                part.outputs = outputs.pointerForWriting + begin * batch * outputs.shape[2] * precision.scalarBytes
                let lengths = lengths?.map { max(0, min($0 - Int32(begin), Int32(steps))) }
                optional(lengths) { lengths in
                    part.lengths = lengths
                    kernels.recurrent_forward(&part)
                }
                // The kernels read a sequence's state before they write it.
                part.initial_hidden = finalHidden.pointer
                part.initial_cell = finalCell?.pointer
            }
            withExtendedLifetime(saved) {}
        }
    }

    private var stepsAtOnce: Int {
        let realsOfAStep = max(1, batch * options.hiddenSize * 4)
        return max(1, (Self.fewestRows + batch - 1) / max(1, batch), Self.cachedGates / realsOfAStep)
    }
}
