import Recurrent
import RecurrentTraining

/// A language model: recurrent layers over one-hot tokens or their learned vectors, and a dense layer to the logits of the
/// next token.
public struct TextNetwork: Sendable {
    /// The states of all layers.
    public typealias State = RecurrentStack.Cells.State

    private let input: TokenInput
    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`, and `embedding.table` where tokens have vectors.
    package init(_ configuration: TextConfiguration, vocabularySize: Int, _ binder: inout Binder) {
        input = TokenInput(vocabularySize, width: configuration.embeddingWidth, &binder["embedding"])
        layers = configuration.stack.cells(inputSize: input.width, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: vocabularySize, &binder["output"])
    }

    /// The states before the first token.
    package func zeroState(batch: Int) -> State { layers.zeroState(batch: batch) }

    /// The logits `[time, batch, vocabulary]` of the token after each of `tokens` `[time, batch]`, and the states after
    /// the last.
    package func callAsFunction(_ tokens: IntegerTensor, from state: State?) -> (logits: Tensor, state: State) {
        let result = layers.unroll(input(tokens), from: state)
        return (output(result.outputs), result.state)
    }

    /// The network ready to be run token by token, from the states after what it has read.
    package func stepper(from state: State, weights: WeightPrecision = .float32) -> Stepper {
        let stepper = Stepper(
            embedding: input.embedding, cells: layers.cells.map(\.cell), states: state.layers.map(\.cell),
            output: output, weights: weights)
        guard let stepper else { fatalError("a text network is made of built-in cells") }
        return stepper
    }
}
