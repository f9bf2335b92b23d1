import Recurrent

/// A sequence from one vector: a dense layer makes the first state of a recurrent layer from a picture's pixels, and the
/// layer writes a name, reading each letter that it has written before the next.
public struct DescribeNetwork: Sendable {
    private let encoder: Dense
    private let cell: AnyCell
    private let output: Dense

    private var tokens: Int { output.bias.shape[0] }

    /// Makes the network of a configuration, with parameters `encoder.weight` and `encoder.bias`, `cell.inputWeight` and
    /// so on, `output.weight` and `output.bias`.
    package init(_ configuration: DescribeConfiguration, _ preparation: DescribePreparation, _ binder: inout Binder) {
        let tokens = preparation.names.tokenCount
        cell = configuration.cell.make(
            inputSize: tokens, hiddenSize: configuration.hiddenSize, &binder["cell"])
        encoder = Dense(
            inputSize: preparation.pixels, outputSize: cell.zeroState(batch: 1).concatenated().shape[1],
            &binder["encoder"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: tokens, &binder["output"])
    }

    private func initialState(_ pictures: Tensor) -> AnyCell.State {
        let batch = pictures.shape[0]
        return AnyCell.State(concatenated: encoder(pictures).tanh(), like: cell.zeroState(batch: batch))
    }

    /// The logits `[time, batch, tokens]` of the token after each of `read` `[time, batch]`, which begins with the end
    /// token; pictures `[batch, pixels]`.
    package func callAsFunction(_ pictures: Tensor, reading read: IntegerTensor) -> Tensor {
        output(cell.unroll(read.oneHot(depth: tokens), from: initialState(pictures)).outputs)
    }

    /// What is written of pictures `[batch, pixels]`, always the most likely token after those before: hypotheses of at
    /// most `longest` letters. A name begins after the end token, which is the last of all tokens.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package func spellings(of pictures: Tensor, longest: Int) throws -> [Hypothesis] {
        let end = Int32(tokens - 1)
        let search = try GreedySearch(
            maximumLength: longest, tokens: DecodingTokens(begin: end, end: end, excluded: []))
        return try search(from: initialState(pictures), rows: pictures.shape[0]) { read, state in
            let step = cell.unroll(read.reshaped([1, read.count]).oneHot(depth: tokens), from: state)
            let logits = output(step.outputs)[0]
            return DecodingStep(logProbabilities: logits.logSoftmax(), state: step.state)
        }
    }
}
