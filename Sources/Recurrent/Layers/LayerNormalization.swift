/// Normalises every row along the last axis to mean 0 and variance 1, then multiplies by a gain and adds a bias (Ba,
/// Kiros and Hinton 2016): the same in training and outside, and at every time step.
public struct LayerNormalization: Sendable {
    /// What normalised elements are multiplied by: `[features]`, or of several axes for rows that differ in it.
    public let gain: Tensor
    /// What is added after that; the gain's shape.
    public let bias: Tensor
    /// Added to the variance.
    let epsilon: Float

    /// Makes a layer of given parameters.
    init(gain: Tensor, bias: Tensor, epsilon: Float = 1e-5) {
        require(
            gain.rank >= 1 && gain.shape == bias.shape,
            "a gain of shape \(gain.shape) and a bias of shape \(bias.shape) do not make a layer")
        self.gain = gain
        self.bias = bias
        self.epsilon = epsilon
    }

    /// Makes a layer with parameters `gain` and `bias` of the shape, `[features]` or `[..., features]`.
    public init(shape: [Int], initialGain: Float = 1, epsilon: Float = 1e-5, _ binder: inout Binder) {
        self.init(
            gain: binder.weight("gain", shape, initializer: .constant(initialGain)),
            bias: binder.weight("bias", shape, initializer: .zeros), epsilon: epsilon)
    }

    /// From `[..., features]` to the same shape.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        require(
            x.rank >= gain.rank && Array(x.shape.suffix(gain.rank)) == gain.shape,
            "an input of shape \(x.shape) for a normalisation of the shape \(gain.shape)")
        let width = gain.shape[gain.rank - 1]
        return x.normalized(
            stretches: Array(repeating: width, count: gain.count / max(1, width)), gain: gain, bias: bias,
            epsilon: epsilon)
    }
}
