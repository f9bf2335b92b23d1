/// Normalises every feature over all steps of all sequences to mean 0 and variance 1, then multiplies by a gain and
/// adds a bias (Ioffe and Szegedy 2015; over sequences: Laurent et al. 2015). Padding does not count.
///
/// In training mean and variance are the batch's, and the running ones follow them; outside, the running ones are used.
/// As in PyTorch, the running variance follows the batch's unbiased one.
public struct BatchNormalization: SequenceLayer {
    /// `[features]`.
    public let gain: Tensor
    /// `[features]`.
    public let bias: Tensor
    /// The share of a new batch in the running statistics (PyTorch's meaning; Keras's is 1 less this).
    let momentum: Float
    /// Added to the variance.
    let epsilon: Float
    private let mean, variance: Statistic
    private let isTraining: Bool

    init(
        gain: Tensor, bias: Tensor, mean: Statistic, variance: Statistic, momentum: Float = 0.1, epsilon: Float = 1e-5,
        isTraining: Bool
    ) {
        require(momentum >= 0 && momentum <= 1, "a momentum of \(momentum) is not in 0...1")
        self.gain = gain
        self.bias = bias
        self.mean = mean
        self.variance = variance
        self.momentum = momentum
        self.epsilon = epsilon
        self.isTraining = isTraining
    }

    /// Makes a layer with parameters `gain` and `bias` and statistics `mean` and `variance`.
    public init(
        size: Int, momentum: Float = 0.1, epsilon: Float = 1e-5, initialGain: Float = 1, _ binder: inout Binder
    ) {
        self.init(
            gain: binder.weight("gain", [size], initializer: .constant(initialGain)),
            bias: binder.weight("bias", [size], initializer: .zeros),
            mean: binder.statistic("mean", [size], initial: 0),
            variance: binder.statistic("variance", [size], initial: 1), momentum: momentum, epsilon: epsilon,
            isTraining: binder.isTraining)
    }

    /// From `[time, batch, features]` to the same shape; past the sequences' ends the outputs are zero.
    public func callAsFunction(_ inputs: Tensor, lengths: [Int]?) -> Tensor {
        let x = inputs.zeroed(past: lengths)
        require(
            x.shape[2] == gain.count, "inputs of shape \(x.shape) for a normalisation of \(gain.count) features")
        guard isTraining else {
            let width = (variance.value + epsilon).sqrt()
            return ((x - mean.value) / width * gain + bias).zeroed(past: lengths)
        }
        let count = lengths?.reduce(0, +) ?? x.shape[0] * x.shape[1]
        let batch = x.normalized(
            along: [0, 1], gain: gain, bias: bias, weights: lengths.map { runningSteps($0, time: x.shape[0]) },
            count: count, epsilon: epsilon)
        if count > 0 {
            let unbiased = Float(count) / Float(max(1, count - 1))
            follow(mean, batch.mean)
            follow(variance, batch.variance * unbiased)
        }
        return batch.result
    }

    private func follow(_ statistic: Statistic, _ new: Tensor) {
        statistic.update(statistic.value * (1 - momentum) + new.reshaped(gain.shape) * momentum)
    }
}
