import Recurrent

/// A language model: stacked cells over one-hot tokens or their learned vectors, and a dense layer to the logits of the
/// next token.
public struct TextNetwork: Sendable {
    /// The states of all layers.
    public typealias State = [AnyCell.State]

    private let input: TokenInput
    private let cells: [AnyCell]
    private let dropouts: [Dropout]
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`, and `embedding.table` where tokens have vectors.
    public init(_ configuration: TextConfiguration, vocabularySize: Int, _ binder: inout Binder) {
        let hidden = configuration.hiddenSize
        let initializer = Initializer.checked(configuration.initializer, hiddenSize: hidden)
        let input = TokenInput(vocabularySize, width: configuration.embeddingWidth, &binder["embedding"])
        self.input = input
        cells = (0..<configuration.layers).map { layer in
            configuration.cell.make(
                inputSize: layer == 0 ? input.width : hidden, hiddenSize: hidden,
                forgetBias: configuration.forgetBias, inputInitializer: initializer,
                recurrentInitializer: initializer, &binder["cell", layer])
        }
        dropouts = (0..<configuration.layers).map { _ in
            Dropout(probability: configuration.dropout, &binder)
        }
        output = Dense(inputSize: hidden, outputSize: vocabularySize, &binder["output"])
    }

    /// The states before the first token.
    public func zeroState(batch: Int) -> State { cells.map { $0.zeroState(batch: batch) } }

    /// The logits `[time, batch, vocabulary]` of the token after each of `tokens` `[time, batch]`, and the states after
    /// the last.
    public func callAsFunction(_ tokens: IntegerTensor, from state: State?) -> (logits: Tensor, state: State) {
        var flowing = input(tokens)
        var states: State = []
        for (index, cell) in cells.enumerated() {
            let layer = cell.unroll(flowing, from: state?[index])
            states.append(layer.state)
            flowing = dropouts[index](layer.outputs)
        }
        return (output(flowing), states)
    }

    /// The network ready to be run token by token, from the states after what it has read.
    public func stepper(from states: State, weights: WeightPrecision = .float32) -> Stepper {
        let stepper = Stepper(
            embedding: input.embedding, cells: cells, states: states, output: output, weights: weights)
        guard let stepper else { fatalError("a text network is made of built-in cells") }
        return stepper
    }

    /// The states' tensors in order, detached.
    public func tensors(of state: State) -> [Tensor] { state.flatMap { $0.detached().tensors } }

    /// The states of which `tensors`, of the right number and shapes, are the parts.
    public func state(of tensors: [Tensor], batch: Int) -> State {
        var rest = tensors[...]
        return zeroState(batch: batch).map { layer in layer.map { _ in rest.removeFirst() } }
    }
}
