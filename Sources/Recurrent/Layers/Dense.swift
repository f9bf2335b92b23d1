/// A fully connected layer over the last axis: x W + b.
public struct Dense: Sendable {
    /// `[input, output]`.
    public let weight: Tensor
    /// `[output]`.
    public let bias: Tensor

    /// Makes a layer of given weights.
    public init(weight: Tensor, bias: Tensor) {
        require(
            weight.rank == 2 && bias.shape == [weight.shape[1]],
            "a weight of shape \(weight.shape) and a bias of shape \(bias.shape) do not make a layer")
        self.weight = weight
        self.bias = bias
    }

    /// Makes a layer with parameters `weight` and `bias`.
    public init(
        inputSize: Int, outputSize: Int, initializer: Initializer = .glorotUniform,
        biasInitializer: Initializer = .zeros, _ binder: inout Binder
    ) {
        self.init(
            weight: binder.weight("weight", [inputSize, outputSize], initializer: initializer),
            bias: binder.weight("bias", [outputSize], initializer: biasInitializer))
    }

    /// From `[..., input]` to `[..., output]`: over all time steps of a sequence at once, one product.
    public func callAsFunction(_ x: Tensor) -> Tensor { affine(x, weight, bias) }
}
