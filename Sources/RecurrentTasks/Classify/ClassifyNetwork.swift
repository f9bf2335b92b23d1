import Recurrent
import RecurrentTraining

/// Two stacks of recurrent layers over a text, one from each end, and dense layers from what they end with to the
/// classes.
///
/// The notes' many-to-one example: the stacks see each other at the end only. What each gives last, the forward one at
/// the text's last token and the backward one at its first, is projected to 128 numbers; the projections are added, and
/// projected to the logits. There are no activations between.
public struct ClassifyNetwork: StoredNetwork, Sendable {
    /// The width of the projections.
    package static let projectionSize = 128

    private let input: TokenInput
    private let layers: Bidirectional<RecurrentStack.Cells, RecurrentStack.Cells>
    private let forwardProjection: Dense
    private let backwardProjection: Dense
    private let output: Dense

    /// Makes the network of a configuration, with parameters `forward.0.inputWeight` and so on, `backward...`,
    /// `forwardProjection`, `backwardProjection`, `output`, and for words `embedding.table`.
    public init(_ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, _ binder: inout Binder) {
        let (hidden, projected) = (configuration.hiddenSize, Self.projectionSize)
        let vocabulary = preparation.vocabulary
        input = TokenInput(
            vocabulary.size, width: configuration.embeddingWidth(vocabulary), &binder["embedding"])
        let (stack, width) = (configuration.stack, input.width)
        layers = Bidirectional(
            forward: stack.cells(inputSize: width, &binder["forward"]),
            backward: stack.cells(inputSize: width, &binder["backward"]))
        forwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["forwardProjection"])
        backwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["backwardProjection"])
        output = Dense(inputSize: projected, outputSize: preparation.labelNames.count, &binder["output"])
    }

    /// The logits `[batch, classes]` of texts. Padding is never read.
    package func callAsFunction(_ texts: PaddedBatch) -> Tensor {
        let (forward, backward) = layers.unrollSeparately(input(texts.tokens), lengths: texts.lengths)
        let last = forwardProjection(forward.outputs.lastSteps(lengths: texts.lengths))
        let first = backwardProjection(backward.outputs[0])
        return output(last + first)
    }
}
