import CKernels

/// The basic recurrent network: h' = tanh(x W + h R + b), or max(0, .) in place of tanh. Elman 1990.
public struct BasicRNNCell: RecurrentCell, FusedCell {
    /// What the net input passes through.
    public enum Activation: String, Sendable, Codable {
        /// The hyperbolic tangent.
        case tanh
        /// The rectified linear unit.
        case relu
    }

    /// `[input, hidden]`.
    public let inputWeight: Tensor
    /// `[hidden, hidden]`.
    public let recurrentWeight: Tensor
    /// `[hidden]`.
    public let bias: Tensor
    /// What the net input passes through.
    let activation: Activation
    /// The bound of the net inputs' gradients inside the recurrence (Graves 2013), or nil.
    let gradientClip: Float?

    /// The number of hidden units.
    public var hiddenSize: Int { bias.shape[0] }

    /// Makes a cell of given weights.
    package init(
        inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, activation: Activation = .tanh,
        gradientClip: Float? = nil
    ) {
        let hidden = bias.count
        require(
            inputWeight.rank == 2 && inputWeight.shape[1] == hidden && recurrentWeight.shape == [hidden, hidden],
            "weights \(inputWeight.shape), \(recurrentWeight.shape) and bias \(bias.shape) do not make a cell")
        self.inputWeight = inputWeight
        self.recurrentWeight = recurrentWeight
        self.bias = bias.reshaped([hidden])
        self.activation = activation
        self.gradientClip = gradientClip
    }

    /// Makes a cell with parameters `inputWeight`, `recurrentWeight` and `bias`.
    public init(
        inputSize: Int, hiddenSize: Int, activation: Activation = .tanh, gradientClip: Float? = nil,
        inputInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer = .glorotUniform,
        _ binder: inout Binder
    ) {
        self.init(
            inputWeight: binder.weight("inputWeight", [inputSize, hiddenSize], initializer: inputInitializer),
            recurrentWeight: binder.weight(
                "recurrentWeight", [hiddenSize, hiddenSize], initializer: recurrentInitializer),
            bias: binder.weight("bias", [hiddenSize], initializer: .zeros), activation: activation,
            gradientClip: gradientClip)
        let function = activation == .tanh ? "tanh(x W + h R + b)" : "max(0, x W + h R + b)"
        binder.describe("rnn", equations: "h' = " + function)
    }

    /// Zeros `[batch, hidden]`.
    public func zeroState(batch: Int) -> Tensor { .zeros([batch, hiddenSize], precision: bias.precision) }

    /// One time step.
    public func step(_ input: Tensor, state: Tensor) -> (output: Tensor, state: Tensor) {
        fused.checkStep(input, hidden: state)
        var net = input.matmul(inputWeight) + state.matmul(recurrentWeight) + bias
        if let gradientClip { net = net.clippingGradient(to: gradientClip) }
        let h = activation == .tanh ? net.tanh() : net.relu()
        return (h, h)
    }

    var fused: FusedLayer {
        FusedLayer(
            kind: activation == .tanh ? CK_BASIC_TANH : CK_BASIC_RELU, hiddenSize: hiddenSize, inputWeight: inputWeight,
            recurrentWeight: recurrentWeight, bias: bias, gradientClip: gradientClip)
    }

    /// All time steps, fused.
    public func unroll(
        _ inputs: Tensor, initialState: Tensor?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Tensor> {
        let result = fused.unroll(inputs, hidden: initialState, cell: nil, lengths: lengths, direction: direction)
        return Unrolled(outputs: result.outputs, state: result.hidden)
    }
}
