import Recurrent
import RecurrentData

/// A model of music: stacked cells over the notes of a time step, and a dense layer to the logits of every pitch in the next.
///
/// The pitches of a step are taken to be independent of each other, given all steps before: the RNN of
/// Boulanger-Lewandowski, Bengio and Vincent 2012, section 5, without the restricted Boltzmann machine.
public struct MelodyNetwork: Sendable {
    /// The states of all layers.
    public typealias State = StackedCells<DroppedOut<AnyCell>>.State

    private let layers: StackedCells<DroppedOut<AnyCell>>
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: MelodyConfiguration, _ binder: inout Binder) {
        let hidden = configuration.hiddenSize
        layers = StackedCells(
            (0..<configuration.layers).map { layer in
                let cell = configuration.cell.make(
                    inputSize: layer == 0 ? Tune.pitchCount : hidden, hiddenSize: hidden, &binder["cell", layer])
                return DroppedOut(cell, output: configuration.dropout, &binder)
            })
        output = Dense(inputSize: hidden, outputSize: Tune.pitchCount, &binder["output"])
    }

    /// The logits `[time, batch, 128]` of the step after each, and the states after the last, from ones and zeros
    /// `[time, batch, 128]`.
    public func callAsFunction(
        _ notes: Tensor, from state: State? = nil, lengths: [Int]? = nil
    ) -> (logits: Tensor, state: State) {
        let result = layers.unroll(notes, from: state, lengths: lengths)
        return (output(result.outputs), result.state)
    }

    // Steps of a piece that are judged at a time: enough to make the products long.
    private static let judgedAtATime = 500

    /// The mean negative log-likelihood of pieces in nats a time step, summed over the pitches.
    public func negativeLogLikelihood(of pieces: [Tune]) -> Double {
        var total = 0.0
        for piece in pieces {
            var state: State?
            for begin in stride(from: 0, to: piece.steps.count, by: Self.judgedAtATime) {
                let count = min(Self.judgedAtATime, piece.steps.count - begin)
                func roll(_ first: Int) -> Tensor {
                    Tensor(piece.roll(from: first, count: count), shape: [count, 1, Tune.pitchCount])
                }
                let (logits, next) = self(roll(begin - 1), from: state)
                total += Double(sigmoidCrossEntropy(logits: logits, targets: roll(begin)).sum().scalar)
                state = next
            }
        }
        return total / Double(max(1, pieces.reduce(0) { $0 + $1.steps.count }))
    }
}
