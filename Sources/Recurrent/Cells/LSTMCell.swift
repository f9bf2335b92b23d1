import CKernels

/// Long short-term memory: i, f, o = sigmoid and g = tanh of the net inputs; c' = f c + i g; h' = o tanh(c').
///
/// Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000. Gates stand in the
/// order i, f, g, o. Options:
/// - `forgetBias` is added to the forget gate's net input and is not part of the parameters (TensorFlow 1; 0 for
///   PyTorch's LSTM).
/// - Peepholes: i and f also see c, and o sees c' (Gers, Schraudolph and Schmidhuber 2002).
/// - Projection: h' is multiplied by a matrix before it is given out and fed back (Sak, Senior and Beaufays 2014).
/// - `cellClip` bounds c' to +-its value (TensorFlow's `cell_clip`).
/// - `gradientClip` bounds the gradients of the gates' net inputs inside the recurrence (Graves 2013).
public struct LSTMCell: RecurrentCell, FusedCell {
    /// `[input, 4 hidden]`.
    public let inputWeight: Tensor
    /// `[hidden, 4 hidden]`, or `[projected, 4 hidden]`.
    public let recurrentWeight: Tensor
    /// `[4 hidden]`.
    public let bias: Tensor
    /// `[3 hidden]` for i, f and o, or nil.
    public let peepholes: Tensor?
    /// `[hidden, projected]`, or nil.
    public let projection: Tensor?
    /// Added to the forget gate's net input.
    package let forgetBias: Float
    /// The bound of the cell state, or nil.
    package let cellClip: Float?
    /// The bound of the net inputs' gradients, or nil.
    let gradientClip: Float?

    /// The number of hidden units.
    public var hiddenSize: Int { bias.shape[0] / 4 }

    /// The width of the outputs: the number of hidden units, or of projected ones.
    public var outputSize: Int { projection?.shape[1] ?? hiddenSize }

    /// Makes a cell of given weights.
    package init(
        inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, peepholes: Tensor? = nil,
        projection: Tensor? = nil, forgetBias: Float = 1, cellClip: Float? = nil, gradientClip: Float? = nil
    ) {
        let columns = bias.count
        let hidden = columns / 4
        require(
            columns % 4 == 0 && inputWeight.rank == 2 && inputWeight.shape[1] == columns
                && recurrentWeight.shape == [projection?.shape.last ?? hidden, columns]
                && (projection.map { $0.rank == 2 && $0.shape[0] == hidden } ?? true)
                && (peepholes.map { $0.count == 3 * hidden } ?? true),
            "weights \(inputWeight.shape), \(recurrentWeight.shape) and bias \(bias.shape) do not make a cell")
        self.inputWeight = inputWeight
        self.recurrentWeight = recurrentWeight
        self.bias = bias.reshaped([columns])
        self.peepholes = peepholes?.reshaped([3 * hidden])
        self.projection = projection
        self.forgetBias = forgetBias
        self.cellClip = cellClip
        self.gradientClip = gradientClip
    }

    /// Makes a cell with parameters `inputWeight`, `recurrentWeight`, `bias` and, where asked for, `peepholes` and
    /// `projection`.
    public init(
        inputSize: Int, hiddenSize: Int, usesPeepholes: Bool = false, projectedSize: Int? = nil,
        forgetBias: Float = 1, cellClip: Float? = nil, gradientClip: Float? = nil,
        inputInitializer: Initializer = .glorotUniform, recurrentInitializer: Initializer = .glorotUniform,
        _ binder: inout Binder
    ) {
        self.init(
            inputWeight: binder.weight("inputWeight", [inputSize, 4 * hiddenSize], initializer: inputInitializer),
            recurrentWeight: binder.weight(
                "recurrentWeight", [projectedSize ?? hiddenSize, 4 * hiddenSize], initializer: recurrentInitializer),
            bias: binder.weight("bias", [4 * hiddenSize], initializer: .zeros),
            peepholes: usesPeepholes ? binder.weight("peepholes", [3 * hiddenSize], initializer: .zeros) : nil,
            projection: projectedSize.map { binder.weight("projection", [hiddenSize, $0]) },
            forgetBias: forgetBias, cellClip: cellClip, gradientClip: gradientClip)
        let peeps =
            usesPeepholes ? "; i and f also see c, and o sees c', each unit by its peephole, in the order i, f, o" : ""
        let bound = cellClip.map { "; c' is kept within +-\($0)" } ?? ""
        let output = projectedSize == nil ? "h' = o tanh(c')" : "h' = (o tanh(c')) projection"
        binder.describe(
            "lstm", gates: ["i", "f", "g", "o"], forgetBias: forgetBias,
            equations: "net = x W + h R + b; i, f, o = sigmoid(net), f's with the forget bias; g = tanh(net); "
                + "c' = f c + i g; \(output)\(peeps)\(bound)")
    }

    /// Zeros: c `[batch, hidden]`, h `[batch, output]`.
    public func zeroState(batch: Int) -> LSTMState {
        LSTMState(
            c: .zeros([batch, hiddenSize], precision: bias.precision),
            h: .zeros([batch, outputSize], precision: bias.precision))
    }

    /// One time step.
    public func step(_ input: Tensor, state: LSTMState) -> (output: Tensor, state: LSTMState) {
        fused.checkStep(input, hidden: state.h, cell: state.c)
        let net = input.matmul(inputWeight) + state.h.matmul(recurrentWeight) + bias
        let nets = net.split(axis: 1, count: 4)
        let peeps = peepholes?.split(axis: 0, count: 3)
        func gate(_ net: Tensor, _ seen: Tensor?, _ peep: Tensor?) -> Tensor {
            var sum = net
            if let seen, let peep { sum = sum + seen * peep }
            if let gradientClip { sum = sum.clippingGradient(to: gradientClip) }
            return sum
        }
        let i = gate(nets[0], state.c, peeps?[0]).sigmoid()
        let f = gate(nets[1] + forgetBias, state.c, peeps?[1]).sigmoid()
        let g = gate(nets[2], nil, nil).tanh()
        var c = f * state.c + i * g
        if let cellClip { c = c.clamped(to: -cellClip...cellClip) }
        let o = gate(nets[3], c, peeps?[2]).sigmoid()
        var h = o * c.tanh()
        if let projection { h = h.matmul(projection) }
        return (h, LSTMState(c: c, h: h))
    }

    var fused: FusedLayer {
        FusedLayer(
            kind: CK_LSTM, hiddenSize: hiddenSize, inputWeight: inputWeight, recurrentWeight: recurrentWeight,
            bias: bias,
            peepholes: peepholes, projection: projection, forgetBias: forgetBias, cellClip: cellClip,
            gradientClip: gradientClip)
    }

    /// All time steps, fused.
    public func unroll(
        _ inputs: Tensor, initialState: LSTMState?, lengths: [Int]?, direction: Direction
    ) -> Unrolled<LSTMState> {
        let result = fused.unroll(
            inputs, hidden: initialState?.h, cell: initialState?.c, lengths: lengths, direction: direction)
        return Unrolled(
            outputs: result.outputs, state: LSTMState(c: result.cell.unsafelyUnwrapped, h: result.hidden))
    }
}
