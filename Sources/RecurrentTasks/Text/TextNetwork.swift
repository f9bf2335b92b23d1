import Recurrent
import RecurrentData
import RecurrentTraining

/// A language model: recurrent layers over one-hot tokens or their learned vectors, and a dense layer to the logits of the
/// next token.
public struct TextNetwork: StoredNetwork, Sendable {
    /// The states of all layers.
    public typealias State = RecurrentStack.Cells.State

    private let input: TokenInput
    private let layers: RecurrentStack.Cells
    private let output: TextOutput

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `embedding.table` where
    /// tokens have vectors, `output.bias`, and `output.weight` unless it is the table.
    public init(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary, _ binder: inout Binder) {
        let initial = InitialTextWeights(configuration, vocabulary)
        input = TokenInput(
            vocabulary.size, width: configuration.embeddingWidth, initializer: initial.vectors,
            updates: configuration.samples == nil ? .dense : .lazy, &binder["embedding"])
        var stack = configuration.stack
        stack.tokenInitializer = initial.oneHotInputs
        layers = stack.cells(inputSize: input.width, &binder["cell"])
        output = TextOutput(
            configuration, initial, vocabularySize: vocabulary.size, vectors: input.embedding, &binder["output"])
    }

    /// The states before the first token.
    package func zeroState(batch: Int) -> State { layers.zeroState(batch: batch) }

    /// The logits `[time, batch, vocabulary]` of the token after each of `tokens` `[time, batch]`, and the states after
    /// the last.
    package func callAsFunction(_ tokens: IntegerTensor, from state: State?) -> (logits: Tensor, state: State) {
        let result = layers.unroll(input(tokens), from: state)
        return (output.dense(result.outputs), result.state)
    }

    /// The mean cross-entropy of the tokens after each of `tokens`, both `[time, batch]`, and the states after the last. In
    /// a training step with a sampled softmax it is an estimate.
    package func loss(
        _ tokens: IntegerTensor, targets: IntegerTensor, from state: State?
    ) -> (loss: Tensor, state: State) {
        let result = layers.unroll(input(tokens), from: state)
        return (output.loss(result.outputs, targets: targets), result.state)
    }

    /// The network ready to be run token by token, from the states after what it has read.
    package func stepper(from state: State, weights: WeightPrecision = .float32) -> Stepper {
        let stepper = Stepper(
            reading: input.embedding.map { .embeddedTokens($0) } ?? .oneHotTokens,
            cells: layers.cells.map(\.cell), states: state.layers.map(\.cell),
            output: output.dense, weights: weights)
        guard let stepper else { fatalError("a text network is made of built-in cells") }
        return stepper
    }
}

/// The layer from the hidden states to the logits of the next token.
private enum TextOutput: Sendable {
    /// A column of weights for each token, and a softmax over all.
    case columns(Dense)
    /// A row for each token, which may be its vector, and a softmax over all or, in training, over a few.
    case rows(SampledSoftmaxOutput)

    init(
        _ configuration: TextConfiguration, _ initial: InitialTextWeights, vocabularySize: Int, vectors: Embedding?,
        _ binder: inout Binder
    ) {
        let samples = configuration.samples.map { min($0, vocabularySize) }
        let shared = configuration.tiesWeights ? vectors?.table : nil
        guard samples != nil || shared != nil else {
            self = .columns(
                Dense(
                    inputSize: configuration.hiddenSize, outputSize: vocabularySize, initializer: initial.outputs,
                    biasInitializer: initial.outputBias, &binder))
            return
        }
        let updates = samples == nil ? RowUpdates.dense : .lazy
        let weight =
            shared
            ?? binder.weight(
                "weight", [vocabularySize, configuration.hiddenSize], initializer: initial.outputs, updates: updates)
        let bias = binder.weight("bias", [vocabularySize], initializer: initial.outputBias, updates: updates)
        self = .rows(
            SampledSoftmaxOutput(
                weight: weight, bias: bias, samples: samples ?? vocabularySize,
                random: samples == nil ? nil : binder.randomStream()))
    }

    /// The layer to the logits of all tokens.
    var dense: Dense {
        switch self {
        case .columns(let dense): dense
        case .rows(let output): Dense(weight: output.weight.transposed(), bias: output.bias)
        }
    }

    func loss(_ hidden: Tensor, targets: IntegerTensor) -> Tensor {
        switch self {
        case .columns(let dense): sequenceLoss(logits: dense(hidden), targets: targets)
        case .rows(let output): output.loss(hidden, labels: targets).mean()
        }
    }
}
