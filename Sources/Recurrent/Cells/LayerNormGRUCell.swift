import CKernels

/// A GRU with layer normalisation: the equations in the supplement of Ba, Kiros and Hinton 2016.
///
/// Products with inputs and state are normalised apart, r and z together and the candidate for itself; the reset gate
/// is applied after the state's product:
///
///     r, z = sigmoid(LN(x W) + LN(h R))
///     n = tanh(LN(x W_n) + r LN(h R_n))
///     h' = (1 - z) n + z h
///
/// Gates stand in the order r, z, n.
public struct LayerNormGRUCell: RecurrentCell {
    /// `[input, 3 hidden]`.
    public let inputWeight: Tensor
    /// `[hidden, 3 hidden]`.
    public let recurrentWeight: Tensor
    /// The normalisation of the inputs' product for r and z; gain and bias are `[2 hidden]`.
    let inputGates: LayerNormalization
    /// The normalisation of the inputs' product for n; gain and bias are `[hidden]`.
    let inputCandidate: LayerNormalization
    /// The normalisation of the state's product for r and z; gain and bias are `[2 hidden]`.
    let recurrentGates: LayerNormalization
    /// The normalisation of the state's product for n; gain and bias are `[hidden]`.
    let recurrentCandidate: LayerNormalization

    /// The number of hidden units.
    public var hiddenSize: Int { recurrentWeight.shape[0] }

    /// Makes a cell of given weights and normalisations.
    init(
        inputWeight: Tensor, recurrentWeight: Tensor, inputGates: LayerNormalization,
        inputCandidate: LayerNormalization, recurrentGates: LayerNormalization, recurrentCandidate: LayerNormalization
    ) {
        let hidden = recurrentWeight.shape.first ?? 0
        let gains = [inputGates, inputCandidate, recurrentGates, recurrentCandidate].map(\.gain.shape)
        require(
            recurrentWeight.shape == [hidden, 3 * hidden] && inputWeight.rank == 2
                && inputWeight.shape[1] == 3 * hidden && gains == [[2 * hidden], [hidden], [2 * hidden], [hidden]]
                && inputGates.epsilon == inputCandidate.epsilon
                && recurrentGates.epsilon == recurrentCandidate.epsilon,
            "weights \(inputWeight.shape), \(recurrentWeight.shape) and gains \(gains) do not make a cell")
        self.inputWeight = inputWeight
        self.recurrentWeight = recurrentWeight
        self.inputGates = inputGates
        self.inputCandidate = inputCandidate
        self.recurrentGates = recurrentGates
        self.recurrentCandidate = recurrentCandidate
    }

    /// Makes a cell with parameters `inputWeight`, `recurrentWeight`, and `gain` and `bias` of `inputGates`,
    /// `inputCandidate`, `recurrentGates` and `recurrentCandidate`.
    public init(
        inputSize: Int, hiddenSize: Int, initialGain: Float = 1, epsilon: Float = 1e-5,
        inputInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer = .glorotUniform,
        _ binder: inout Binder
    ) {
        func normalization(_ name: String, _ size: Int) -> LayerNormalization {
            LayerNormalization(shape: [size], initialGain: initialGain, epsilon: epsilon, &binder[name])
        }
        self.init(
            inputWeight: binder.weight("inputWeight", [inputSize, 3 * hiddenSize], initializer: inputInitializer),
            recurrentWeight: binder.weight(
                "recurrentWeight", [hiddenSize, 3 * hiddenSize], initializer: recurrentInitializer),
            inputGates: normalization("inputGates", 2 * hiddenSize),
            inputCandidate: normalization("inputCandidate", hiddenSize),
            recurrentGates: normalization("recurrentGates", 2 * hiddenSize),
            recurrentCandidate: normalization("recurrentCandidate", hiddenSize))
        binder.describe(
            "layer-normalised gru", gates: ["r", "z", "n"],
            equations:
                "r, z = sigmoid(inputGates(x W) + recurrentGates(h R)), normalised together, epsilon \(epsilon); "
                + "n = tanh(inputCandidate(x W) + r recurrentCandidate(h R)); h' = (1 - z) n + z h")
    }

    /// Zeros `[batch, hidden]`.
    public func zeroState(batch: Int) -> Tensor {
        .zeros([batch, hiddenSize], precision: recurrentWeight.precision)
    }

    /// One time step.
    public func step(_ input: Tensor, state h: Tensor) -> (output: Tensor, state: Tensor) {
        require(
            input.rank == 2 && h.shape == [input.shape[0], hiddenSize],
            "an input of shape \(input.shape) and a state of shape \(h.shape) for a cell of \(hiddenSize) hidden units")
        let inputs = fromInput(input).split(axis: 1, [2 * hiddenSize, hiddenSize])
        let products = h.matmul(recurrentWeight).split(axis: 1, [2 * hiddenSize, hiddenSize])
        let gates = (inputs[0] + recurrentGates(products[0])).sigmoid().split(axis: 1, count: 2)
        let (r, z) = (gates[0], gates[1])
        let n = (inputs[1] + r * recurrentCandidate(products[1])).tanh()
        let next = (1 - z) * n + z * h
        return (next, next)
    }

    /// The normalised products of inputs `[..., features]`: `[..., 3 hidden]`.
    private func fromInput(_ input: Tensor) -> Tensor {
        input.matmul(inputWeight).normalized(
            stretches: [2 * hiddenSize, hiddenSize],
            gain: .concatenated([inputGates.gain, inputCandidate.gain], axis: 0),
            bias: .concatenated([inputGates.bias, inputCandidate.bias], axis: 0), epsilon: inputGates.epsilon)
    }

    /// All time steps: one product with all inputs, normalised, then the steps fused.
    public func unroll(
        _ inputs: Tensor, initialState: Tensor?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<Tensor> {
        let layer = FusedLayer(
            kind: CK_GRU_NORMALIZED, hiddenSize: hiddenSize, recurrentWeight: recurrentWeight,
            gain: .concatenated([recurrentGates.gain, recurrentCandidate.gain], axis: 0),
            shift: .concatenated([recurrentGates.bias, recurrentCandidate.bias], axis: 0),
            epsilon: recurrentGates.epsilon)
        let result = layer.unroll(
            fromInput(inputs.zeroed(past: lengths)), hidden: initialState, cell: nil, lengths: lengths,
            direction: direction)
        return Unrolled(outputs: result.outputs, state: result.hidden)
    }
}
