import CKernels

/// The gated recurrent unit: r, z = sigmoid of the net inputs; h' = (1 - z) n + z h. Gates stand in the order r, z, n.
///
/// The reset gate is applied after the product, n = tanh(x W_n + b_n + r (h R_n + b')), as in PyTorch and Keras, or
/// before it, n = tanh(x W_n + b_n + (r h) R_n), as in Cho et al. 2014 and TensorFlow 1.
public struct GRUCell: RecurrentCell, FusedCell {
    /// `[input, 3 hidden]`.
    public let inputWeight: Tensor
    /// `[hidden, 3 hidden]`.
    public let recurrentWeight: Tensor
    /// `[3 hidden]`.
    public let bias: Tensor
    /// The bias b' inside the reset product, `[hidden]`; nil where the reset gate is applied before the product.
    public let recurrentBias: Tensor?
    /// The bound of the net inputs' gradients inside the recurrence (Graves 2013), or nil.
    let gradientClip: Float?

    /// The number of hidden units.
    public var hiddenSize: Int { bias.shape[0] / 3 }

    /// Makes a cell of given weights. With a recurrent bias the reset gate is applied after the product, without one
    /// before it.
    init(
        inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, recurrentBias: Tensor?,
        gradientClip: Float? = nil
    ) {
        let columns = bias.count
        let hidden = columns / 3
        require(
            columns % 3 == 0 && inputWeight.rank == 2 && inputWeight.shape[1] == columns
                && recurrentWeight.shape == [hidden, columns] && (recurrentBias.map { $0.count == hidden } ?? true),
            "weights \(inputWeight.shape), \(recurrentWeight.shape) and bias \(bias.shape) do not make a cell")
        self.inputWeight = inputWeight
        self.recurrentWeight = recurrentWeight
        self.bias = bias.reshaped([columns])
        self.recurrentBias = recurrentBias?.reshaped([hidden])
        self.gradientClip = gradientClip
    }

    /// Makes a cell with parameters `inputWeight`, `recurrentWeight`, `bias` and, with the reset gate after the
    /// product, `recurrentBias`.
    public init(
        inputSize: Int, hiddenSize: Int, resetsAfterProduct: Bool = true, gradientClip: Float? = nil,
        inputInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer = .glorotUniform,
        _ binder: inout Binder
    ) {
        self.init(
            inputWeight: binder.weight("inputWeight", [inputSize, 3 * hiddenSize], initializer: inputInitializer),
            recurrentWeight: binder.weight(
                "recurrentWeight", [hiddenSize, 3 * hiddenSize], initializer: recurrentInitializer),
            bias: binder.weight("bias", [3 * hiddenSize], initializer: .zeros),
            recurrentBias: resetsAfterProduct
                ? binder.weight("recurrentBias", [hiddenSize], initializer: .zeros) : nil,
            gradientClip: gradientClip)
        let candidate = resetsAfterProduct ? "r (h R + recurrentBias)" : "(r h) R"
        binder.describe(
            "gru", gates: ["r", "z", "n"],
            equations: "r, z = sigmoid(x W + h R + b); n = tanh(x W + b + \(candidate)); h' = (1 - z) n + z h")
    }

    /// Zeros `[batch, hidden]`.
    public func zeroState(batch: Int) -> Tensor { .zeros([batch, hiddenSize], precision: bias.precision) }

    /// One time step.
    public func step(_ input: Tensor, state h: Tensor) -> (output: Tensor, state: Tensor) {
        func clip(_ net: Tensor) -> Tensor { gradientClip.map { net.clippingGradient(to: $0) } ?? net }
        fused.checkStep(input, hidden: h)
        let nets = (input.matmul(inputWeight) + bias).split(axis: 1, count: 3)
        let recurrent = recurrentWeight.split(axis: 1, count: 3)
        let r = clip(nets[0] + h.matmul(recurrent[0])).sigmoid()
        let z = clip(nets[1] + h.matmul(recurrent[1])).sigmoid()
        let n: Tensor
        if let recurrentBias {
            n = clip(nets[2] + r * (h.matmul(recurrent[2]) + recurrentBias)).tanh()
        } else {
            n = clip(nets[2] + (r * h).matmul(recurrent[2])).tanh()
        }
        let next = (1 - z) * n + z * h
        return (next, next)
    }

    var fused: FusedLayer {
        FusedLayer(
            kind: recurrentBias == nil ? CK_GRU_RESET_BEFORE : CK_GRU_RESET_AFTER, hiddenSize: hiddenSize,
            inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, recurrentBias: recurrentBias,
            gradientClip: gradientClip)
    }

    /// All time steps, fused.
    public func unroll(
        _ inputs: Tensor, initialState: Tensor?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Tensor> {
        let result = fused.unroll(inputs, hidden: initialState, cell: nil, lengths: lengths, direction: direction)
        return Unrolled(outputs: result.outputs, state: result.hidden)
    }
}
