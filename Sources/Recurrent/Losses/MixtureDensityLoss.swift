import CKernels

/// The negative log-likelihood, in nats, of every step's pen movement under a mixture of bivariate Gaussians and a
/// Bernoulli end of stroke: shape `[time, batch]`, zero past a sequence's end.
///
/// Graves, "Generating sequences with recurrent neural networks" (2013), equations 18 to 37; value and gradient are
/// computed together, from logarithms throughout. One deviation of his: the first output is the end's logit, so that it
/// grows with the end's probability. Logarithms of deviations beyond +-10, and correlations before tanh beyond +-5
/// (rho = 0.9999), count as these, and get no gradient.
/// - Parameters:
///   - outputs: `[time, batch, 6 mixtures + 1]`, laid out as `MixtureDensity` says.
///   - targets: `[time, batch, 3]`: movements in x and y, and 1 where the stroke ends, else 0.
///   - lengths: The number of steps of every sequence; all where none are given. What stands past them never matters.
public func mixtureDensityLoss(outputs: Tensor, targets: Tensor, lengths: [Int]? = nil) -> Tensor {
    checkSequence(outputs, lengths: lengths)
    let (time, batch) = (outputs.shape[0], outputs.shape[1])
    let mixtures = MixtureDensity.components(width: outputs.shape[2])
    require(
        targets.shape == [time, batch, 3],
        "outputs of shape \(outputs.shape) need targets of shape [\(time), \(batch), 3], not \(targets.shape)")
    let x = outputs.detached()
    let y = targets.detached().converted(to: x.precision)
    let losses = Tensor(uninitialized: [time, batch], precision: x.precision)
    let gradients = outputs.isTracked ? Tensor(uninitialized: x.shape, precision: x.precision) : nil
    func run(_ lengths: UnsafePointer<Int32>?) {
        x.kernels.mixture_density(
            x.pointer, y.pointer, lengths, Int64(time), Int64(batch), Int64(mixtures), losses.pointerForWriting,
            gradients?.pointerForWriting)
    }
    if let lengths { lengths.map(Int32.init).withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    guard let gradients else { return losses }
    return losses.recorded(from: outputs) { above in
        elementwise(CK_MULTIPLY, above.withShape([time, batch, 1]), gradients)
    }
}
