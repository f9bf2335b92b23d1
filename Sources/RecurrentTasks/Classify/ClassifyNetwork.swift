import Recurrent

/// Two stacks of recurrent layers over a text, one from each end, and dense layers from what they end with to the
/// classes.
///
/// The notes' many-to-one example: the stacks see each other at the end only. What each gives last, the forward one at
/// the text's last token and the backward one at its first, is projected to 128 numbers; the projections are added, and
/// projected to the logits. There are no activations between.
public struct ClassifyNetwork: Sendable {
    typealias Layers = StackedCells<DroppedOut<AnyCell>>

    /// The width of the projections.
    public static let projectionSize = 128

    private let vocabularySize: Int
    private let embedding: Embedding?
    private let layers: Bidirectional<Layers, Layers>
    private let forwardProjection: Dense
    private let backwardProjection: Dense
    private let output: Dense

    /// Makes the network of a configuration, with parameters `forward.0.inputWeight` and so on, `backward...`,
    /// `forwardProjection`, `backwardProjection`, `output`, and for words `embedding.table`.
    public init(_ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, _ binder: inout Binder) {
        let (hidden, projected) = (configuration.hiddenSize, Self.projectionSize)
        vocabularySize = preparation.vocabulary.size
        var inputSize = vocabularySize
        if preparation.vocabulary.level == .word {
            inputSize = configuration.embeddingSize
            embedding = Embedding(tokens: vocabularySize, width: inputSize, &binder["embedding"])
        } else {
            embedding = nil
        }
        func stack(_ binder: inout Binder) -> Layers {
            StackedCells(
                (0..<configuration.layers).map { layer in
                    let cell = configuration.cell.make(
                        inputSize: layer == 0 ? inputSize : hidden, hiddenSize: hidden, &binder["\(layer)"])
                    return DroppedOut(cell, output: configuration.dropout, &binder)
                })
        }
        layers = Bidirectional(forward: stack(&binder["forward"]), backward: stack(&binder["backward"]))
        forwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["forwardProjection"])
        backwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["backwardProjection"])
        output = Dense(inputSize: projected, outputSize: preparation.labelNames.count, &binder["output"])
    }

    /// The logits `[batch, classes]` of texts. Padding is never read.
    public func callAsFunction(_ texts: PaddedBatch) -> Tensor {
        let inputs = embedding?(texts.tokens) ?? texts.tokens.oneHot(depth: vocabularySize)
        let (forward, backward) = layers.unrollSeparately(inputs, lengths: texts.lengths)
        let last = forwardProjection(forward.outputs.lastSteps(lengths: texts.lengths))
        let first = backwardProjection(backward.outputs[0])
        return output(last + first)
    }
}
