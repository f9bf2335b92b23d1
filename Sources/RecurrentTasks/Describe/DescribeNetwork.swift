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
    public init(_ configuration: DescribeConfiguration, _ preparation: DescribePreparation, _ binder: inout Binder) {
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
    public func callAsFunction(_ pictures: Tensor, reading read: IntegerTensor) -> Tensor {
        output(cell.unroll(read.oneHot(depth: tokens), from: initialState(pictures)).outputs)
    }

    /// The most likely token after each that was written before, for pictures `[batch, pixels]`: every spelling up to the
    /// end token, which is the last of all tokens, or `longest` tokens where it has not come by then.
    public func spellings(of pictures: Tensor, longest: Int) -> [[Int32]] {
        let end = Int32(tokens - 1)
        var spellings = [[Int32]](repeating: [], count: pictures.shape[0])
        var state = initialState(pictures)
        var last = IntegerTensor([Int32](repeating: end, count: spellings.count), shape: [1, spellings.count])
        for _ in 0..<longest where spellings.contains(where: { $0.last != end }) {
            let step = cell.unroll(last.oneHot(depth: tokens), from: state)
            state = step.state
            last = output(step.outputs).argmax()
            for (place, token) in last.values.enumerated() where spellings[place].last != end {
                spellings[place].append(token)
            }
        }
        return spellings
    }
}
