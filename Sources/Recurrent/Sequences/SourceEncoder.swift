/// The encoder's layers, and what makes the decoder's first state of their last ones.
enum SourceEncoder: Sendable {
    /// From the first token to the last, or the other way round: the decoder begins from the last state as it is.
    case oneWay(EncoderDecoder.Layers, Direction)
    /// Both ways: a dense layer and tanh make a layer's state of both directions' last, as Bahdanau, Cho and Bengio
    /// 2015 (section A.2.2) do of one's.
    case bothWays(StackedBidirectional<EncoderDecoder.Layer, EncoderDecoder.Layer>, bridges: [Dense])

    init(_ configuration: EncoderDecoderConfiguration, inputSize: Int, _ binder: inout Binder) {
        let layers = 0..<configuration.layers
        guard configuration.isBidirectional else {
            self = .oneWay(
                StackedCells(
                    layers.map { layer in
                        configuration.layer(
                            inputSize: layer == 0 ? inputSize : configuration.hiddenSize, &binder["\(layer)"])
                    }), configuration.reversesSource ? .reversed : .forward)
            return
        }
        let stack = layers.map { layer in
            let width = layer == 0 ? inputSize : configuration.memorySize
            return Bidirectional(
                forward: configuration.layer(inputSize: width, &binder["forward", layer]),
                backward: configuration.layer(inputSize: width, &binder["backward", layer]))
        }
        self = .bothWays(
            StackedBidirectional(stack),
            bridges: stack.enumerated().map { layer, cells in
                let width = cells.forward.zeroState(batch: 1).concatenated().shape[1]
                return Dense(inputSize: 2 * width, outputSize: width, &binder["bridge", layer])
            })
    }

    /// The outputs of the highest layer, in the source's order, and the decoder's first state.
    func callAsFunction(_ inputs: Tensor, lengths: [Int]) -> (
        outputs: Tensor, state: EncoderDecoder.Layers.State
    ) {
        switch self {
        case .oneWay(let layers, let direction):
            let result = layers.unroll(inputs, lengths: lengths, direction: direction)
            return (result.outputs, result.state)
        case .bothWays(let layers, let bridges):
            let result = layers.unroll(inputs, lengths: lengths)
            let states = zip(bridges, zip(layers.layers, result.state.layers)).map { bridge, layer in
                let (cells, state) = layer
                let both = Tensor.concatenated([state.forward.concatenated(), state.backward.concatenated()], axis: 1)
                return EncoderDecoder.Layer.State(
                    concatenated: bridge(both).tanh(), like: cells.forward.zeroState(batch: lengths.count))
            }
            return (result.outputs, EncoderDecoder.Layers.State(states))
        }
    }
}
