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
    /// tokens have vectors, `output.bias`, and `output.weight` unless it is the table; with an adaptive softmax those of
    /// `AdaptiveSoftmaxOutput` in `output`.
    public init(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary, _ binder: inout Binder) {
        let initial = InitialTextWeights(configuration, vocabulary)
        input = TokenInput(
            vocabulary.size, width: configuration.embeddingWidth, initializer: initial.vectors,
            updates: configuration.samples == nil ? .dense : .lazy, &binder["embedding"])
        var stack = configuration.stack
        stack.lowestInputInitializer = initial.oneHotInputs
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
        return (output.logits(result.outputs), result.state)
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
    package func stepper(from state: State, weights: WeightPrecision = .float32) -> TextStepper {
        let (dense, adaptive) = output.ofStep
        let stepper = Stepper(
            reading: input.embedding.map { .embeddedTokens($0) } ?? .oneHotTokens,
            cells: layers.cells.map(\.cell), states: state.layers.map(\.cell),
            output: dense, weights: weights)
        guard let stepper else { fatalError("a text network is made of built-in cells") }
        return TextStepper(stepper, adaptive)
    }
}

/// A text network that is run token by token.
package final class TextStepper {
    private let stepper: Stepper
    /// What makes logits of all tokens from those that a step gives; nil where they are that already.
    private let adaptive: AdaptiveSoftmaxOutput?
    private var logits: [Float] = []

    fileprivate init(_ stepper: Stepper, _ adaptive: AdaptiveSoftmaxOutput?) {
        (self.stepper, self.adaptive) = (stepper, adaptive)
        require(adaptive == nil || stepper.batch == 1, "an adaptive softmax is run for one text at a time")
    }

    /// Reads one token of every text and calls `body` with the logits `[batch, vocabulary]` of the next.
    package func withLogits<Result>(
        after read: some Collection<Int32>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        guard let adaptive else { return try stepper.withLogits(after: read, body) }
        stepper.withLogits(after: read) { adaptive.logits(ofAll: $0, into: &logits) }
        return try logits.withUnsafeBufferPointer(body)
    }
}

/// The layer from the hidden states to the logits of the next token.
private enum TextOutput: Sendable {
    /// A column of weights for each token, and a softmax over all.
    case columns(Dense)
    /// A row for each token, which may be its vector, and a softmax over all or, in training, over a few.
    case rows(SampledSoftmaxOutput)
    /// Rare tokens reached through clusters.
    case adaptive(AdaptiveSoftmaxOutput)

    init(
        _ configuration: TextConfiguration, _ initial: InitialTextWeights, vocabularySize: Int, vectors: Embedding?,
        _ binder: inout Binder
    ) {
        if let cutoffs = configuration.cutoffs {
            self = .adaptive(
                AdaptiveSoftmaxOutput(
                    inputSize: configuration.hiddenSize, classes: vocabularySize, cutoffs: cutoffs, &binder))
            return
        }
        let samples = configuration.samples
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

    /// The logits of all tokens.
    func logits(_ hidden: Tensor) -> Tensor {
        switch self {
        case .columns(let dense): dense(hidden)
        case .rows(let output): output(hidden)
        case .adaptive(let output): output(hidden)
        }
    }

    /// The layer that a step ends with, and what makes logits of its outputs where they are not that.
    var ofStep: (layer: Dense, adaptive: AdaptiveSoftmaxOutput?) {
        switch self {
        case .columns(let dense): (dense, nil)
        case .rows(let output): (Dense(weight: output.weight.transposed(), bias: output.bias), nil)
        case .adaptive(let output): (output.flattened, output)
        }
    }

    func loss(_ hidden: Tensor, targets: IntegerTensor) -> Tensor {
        switch self {
        case .columns(let dense): sequenceLoss(logits: dense(hidden), targets: targets)
        case .rows(let output): output.loss(hidden, labels: targets).mean()
        case .adaptive(let output): output.meanLoss(hidden, labels: targets)
        }
    }
}
