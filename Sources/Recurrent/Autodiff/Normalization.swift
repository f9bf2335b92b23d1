import CKernels

/// What normalising gives: the result, and mean and variance before it, which stand along the axes with extent 1 and
/// are not tracked.
struct Normalized {
    let result: Tensor
    let mean: Tensor
    let variance: Tensor
}

extension Tensor {
    /// The elements with mean 0 and variance 1 along some axes, times a gain plus a bias, in one record.
    /// - Parameters:
    ///   - axes: Where mean and variance are taken.
    ///   - gain: Broadcast to this tensor's shape, as `bias` is.
    ///   - weights: 1 for elements that count and 0 for others, broadcast to this tensor's shape; the others, which
    ///     must be finite, give 0. All count where none are given.
    ///   - count: The number of elements that count towards one mean.
    ///   - epsilon: Added to the variance.
    func normalized(
        along axes: [Int], gain: Tensor, bias: Tensor, weights: Tensor? = nil, count: Int, epsilon: Float
    ) -> Normalized {
        let precision: Precision = [self, gain, bias].contains { $0.precision == .double } ? .double : .single
        let inputs = [self, gain, bias].map { $0.converted(to: precision) }
        let (x, scale, shift) = (inputs[0].detached(), inputs[1].detached(), inputs[2].detached())
        let number = Tensor.full(Double(Swift.max(1, count)), shape: [], precision: precision)
        @Sendable func counted(_ tensor: Tensor) -> Tensor {
            weights.map { elementwise(CK_MULTIPLY, tensor, $0) } ?? tensor
        }
        @Sendable func mean(_ tensor: Tensor) -> Tensor {
            elementwise(CK_DIVIDE, tensor.reduced(CK_SUM, along: axes), number)
        }
        let middle = mean(counted(x))
        let centred = counted(elementwise(CK_SUBTRACT, x, middle))
        let variance = mean(elementwise(CK_SQUARE, centred))
        let width = elementwise(
            CK_SQRT, elementwise(CK_ADD, variance, .full(Double(epsilon), shape: [], precision: precision)))
        let y = elementwise(CK_DIVIDE, centred, width)
        let result = counted(elementwise(CK_ADD, elementwise(CK_MULTIPLY, y, scale), shift))
        let links = inputs.map(\.link)
        guard links.contains(where: { $0 != nil }) else {
            return Normalized(result: result, mean: middle, variance: variance)
        }
        let recorded = result.recorded(inputs: links) { flow in
            let gradient = counted(flow.gradient)
            flow.add(elementwise(CK_MULTIPLY, gradient, y).summed(to: scale.shape), to: 1)
            flow.add(gradient.summed(to: shift.shape), to: 2)
            guard flow.wants(0) else { return }
            let scaled = elementwise(CK_MULTIPLY, gradient, scale)
            let along = elementwise(CK_MULTIPLY, y, mean(elementwise(CK_MULTIPLY, scaled, y)))
            let across = counted(elementwise(CK_SUBTRACT, scaled, mean(scaled)))
            flow.add(elementwise(CK_DIVIDE, elementwise(CK_SUBTRACT, across, along), width), to: 0)
        }
        return Normalized(result: recorded, mean: middle, variance: variance)
    }
}
