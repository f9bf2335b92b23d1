import CKernels

/// An LSTM with layer normalisation (Ba, Kiros and Hinton 2016), as TensorFlow 1's `LayerNormBasicLSTMCell`.
///
/// The net input of each gate is normalised over the gate's units, and takes its bias after that; the new cell state is
/// normalised too, before it is given out and carried on. (The paper normalises the products with inputs and state
/// apart, and the cell state on its way to h only.) Gates stand in the order i, f, g, o.
public struct LayerNormLSTMCell: RecurrentCell {
    /// `[input, 4 hidden]`.
    public let inputWeight: Tensor
    /// `[hidden, 4 hidden]`.
    public let recurrentWeight: Tensor
    /// The normalisation of the gates' net inputs; gain and bias are `[4, hidden]`.
    let gates: LayerNormalization
    /// The normalisation of the new cell state; gain and bias are `[hidden]`.
    let memory: LayerNormalization
    /// Added to the forget gate's net input.
    let forgetBias: Float

    /// The number of hidden units.
    public var hiddenSize: Int { recurrentWeight.shape[0] }

    /// Makes a cell of given weights and normalisations.
    init(
        inputWeight: Tensor, recurrentWeight: Tensor, gates: LayerNormalization, memory: LayerNormalization,
        forgetBias: Float = 1
    ) {
        let hidden = recurrentWeight.shape.first ?? 0
        require(
            recurrentWeight.shape == [hidden, 4 * hidden] && inputWeight.rank == 2
                && inputWeight.shape[1] == 4 * hidden && gates.gain.shape == [4, hidden]
                && memory.gain.shape == [hidden] && gates.epsilon == memory.epsilon,
            "weights \(inputWeight.shape), \(recurrentWeight.shape) and gains \(gates.gain.shape), "
                + "\(memory.gain.shape) do not make a cell")
        self.inputWeight = inputWeight
        self.recurrentWeight = recurrentWeight
        self.gates = gates
        self.memory = memory
        self.forgetBias = forgetBias
    }

    /// Makes a cell with parameters `inputWeight`, `recurrentWeight`, and `gain` and `bias` of `gates` and `memory`.
    public init(
        inputSize: Int, hiddenSize: Int, forgetBias: Float = 1, initialGain: Float = 1, epsilon: Float = 1e-5,
        inputInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer = .glorotUniform,
        _ binder: inout Binder
    ) {
        self.init(
            inputWeight: binder.weight("inputWeight", [inputSize, 4 * hiddenSize], initializer: inputInitializer),
            recurrentWeight: binder.weight(
                "recurrentWeight", [hiddenSize, 4 * hiddenSize], initializer: recurrentInitializer),
            gates: LayerNormalization(
                shape: [4, hiddenSize], initialGain: initialGain, epsilon: epsilon, &binder["gates"]),
            memory: LayerNormalization(
                shape: [hiddenSize], initialGain: initialGain, epsilon: epsilon, &binder["memory"]),
            forgetBias: forgetBias)
        binder.describe(
            "layer-normalised lstm", gates: ["i", "f", "g", "o"], forgetBias: forgetBias,
            equations:
                "net = x W + h R, normalised for each gate by gates, epsilon \(epsilon); i, f, o = sigmoid(net), f's "
                + "with the forget bias; g = tanh(net); c' = f c + i g, normalised by memory; h' = o tanh(c')")
    }

    /// Zeros: c and h `[batch, hidden]`.
    public func zeroState(batch: Int) -> LSTMState {
        let zeros = Tensor.zeros([batch, hiddenSize], precision: recurrentWeight.precision)
        return LSTMState(c: zeros, h: zeros)
    }

    /// One time step.
    public func step(_ input: Tensor, state: LSTMState) -> (output: Tensor, state: LSTMState) {
        require(
            input.rank == 2 && [state.h, state.c].allSatisfy { $0.shape == [input.shape[0], hiddenSize] },
            "an input of shape \(input.shape) and a state of the shapes \(state.c.shape) and \(state.h.shape) for a cell of "
                + "\(hiddenSize) hidden units")
        let net = input.matmul(inputWeight) + state.h.matmul(recurrentWeight)
        let normalized = gates(net.reshaped([-1, 4, hiddenSize])).reshaped(net.shape)
        let nets = normalized.split(axis: 1, count: 4)
        let i = nets[0].sigmoid()
        let f = (nets[1] + forgetBias).sigmoid()
        let g = nets[2].tanh()
        let o = nets[3].sigmoid()
        let c = memory(f * state.c + i * g)
        let h = o * c.tanh()
        return (h, LSTMState(c: c, h: h))
    }

    private var layer: FusedLayer {
        let columns = 4 * hiddenSize
        return FusedLayer(
            kind: CK_LSTM_NORMALIZED, hiddenSize: hiddenSize, inputWeight: inputWeight,
            recurrentWeight: recurrentWeight,
            gain: .concatenated([gates.gain.reshaped([columns]), memory.gain], axis: 0),
            shift: .concatenated([gates.bias.reshaped([columns]), memory.bias], axis: 0), epsilon: gates.epsilon,
            forgetBias: forgetBias)
    }

    /// All time steps, fused.
    public func unroll(
        _ inputs: Tensor, initialState: LSTMState?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<LSTMState> {
        let result = layer.unroll(
            inputs, hidden: initialState?.h, cell: initialState?.c, lengths: lengths, direction: direction)
        return Unrolled(
            outputs: result.outputs, state: LSTMState(c: result.cell.unsafelyUnwrapped, h: result.hidden))
    }
}
