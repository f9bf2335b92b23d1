import CKernels

extension Tensor {
    /// Rows, or stretches of them, brought to mean 0 and variance 1, times a gain plus a bias, in one record.
    /// - Parameters:
    ///   - widths: Those of the stretches that are normalised, each for itself. They follow one another as this tensor's
    ///     elements do, and begin again when they have all been.
    ///   - gain: One element for each of the stretches' elements, of whatever shape, as `bias` is.
    ///   - epsilon: Added to the variance.
    func normalized(stretches widths: [Int], gain: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
        let precision: Precision = [self, gain, bias].contains { $0.precision == .double } ? .double : .single
        let inputs = [self, gain, bias].map { $0.converted(to: precision) }
        let rows = NormalizedRows(
            widths: widths.map(Int64.init), x: inputs[0].detached(), gain: inputs[1].detached(),
            bias: inputs[2].detached(), epsilon: epsilon)
        let links = inputs.map(\.link)
        guard links.contains(where: { $0 != nil }) else { return rows.result }
        return rows.result.recorded(inputs: links) { rows.pullBack(&$0) }
    }
}

/// One call of the kernel, and what its walk back reads.
private struct NormalizedRows: Sendable {
    let widths: [Int64]
    let x, gain, bias: Tensor
    let epsilon: Float
    let normal, scales, result: Tensor

    init(widths: [Int64], x: Tensor, gain: Tensor, bias: Tensor, epsilon: Float) {
        (self.widths, self.x, self.gain, self.bias, self.epsilon) = (widths, x, gain, bias, epsilon)
        let rows = gain.count == 0 ? 0 : x.count / gain.count
        normal = Tensor(uninitialized: x.shape, precision: x.precision)
        scales = Tensor(uninitialized: [rows, widths.count], precision: x.precision)
        result = Tensor(uninitialized: x.shape, precision: x.precision)
        withDescription { description in
            description.out = result.pointerForWriting
            x.kernels.normalize(&description)
        }
    }

    /// Calls `body` with the kernel's description, in which the result is still to be set.
    private func withDescription(_ body: (inout ck_normalization) -> Void) {
        widths.withUnsafeBufferPointer { widths in
            var description = ck_normalization()
            description.rows = Int64(scales.shape[0])
            description.columns = Int64(gain.count)
            description.stretches = Int64(widths.count)
            description.widths = widths.baseAddress
            description.epsilon = Double(epsilon)
            description.x = x.pointer
            description.gain = gain.pointer
            description.shift = bias.pointer
            description.normal = normal.pointerForWriting
            description.scales = scales.pointerForWriting
            body(&description)
        }
    }

    func pullBack(_ flow: inout GradientFlow) {
        let above = flow.gradient
        var gradients = ck_normalization_gradients()
        gradients.out = above.pointer
        func memory(_ place: Int, _ tensor: Tensor) -> (UnsafeMutableRawPointer?, Int32) {
            var taken: (UnsafeMutableRawPointer?, Int32) = (nil, 0)
            flow.accumulate(into: place, shape: tensor.shape, precision: x.precision) { taken = ($0, $1 ? 1 : 0) }
            return taken
        }
        (gradients.x, gradients.accumulate_x) = memory(0, x)
        (gradients.gain, gradients.accumulate_gain) = memory(1, gain)
        (gradients.shift, gradients.accumulate_shift) = memory(2, bias)
        withDescription { description in
            withExtendedLifetime(above) { x.kernels.normalize_backward(&description, &gradients) }
        }
    }
}
