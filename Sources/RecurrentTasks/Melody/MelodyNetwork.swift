import Recurrent
import RecurrentData
import RecurrentTraining

/// A model of music: stacked cells over the notes of a time step, and a dense layer to the logits of every pitch in the next.
///
/// The pitches of a step are taken to be independent of each other, given all steps before: the RNN of
/// Boulanger-Lewandowski, Bengio and Vincent 2012, section 5, without the restricted Boltzmann machine.
public struct MelodyNetwork: Sendable {
    /// The states of all layers.
    public typealias State = RecurrentStack.Cells.State

    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    package init(_ configuration: MelodyConfiguration, _ binder: inout Binder) {
        layers = configuration.stack.cells(inputSize: Tune.pitchCount, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: Tune.pitchCount, &binder["output"])
    }

    /// The logits `[time, batch, 128]` of the step after each, and the states after the last, from ones and zeros
    /// `[time, batch, 128]`.
    package func callAsFunction(
        _ notes: Tensor, from state: State? = nil, lengths: [Int]? = nil
    ) -> (logits: Tensor, state: State) {
        let result = layers.unroll(notes, from: state, lengths: lengths)
        return (output(result.outputs), result.state)
    }

    // Steps of a piece that are evaluated at a time: enough to make the products long.
    private static let evaluatedAtATime = 500

    /// The mean negative log-likelihood of pieces in nats a time step, summed over the pitches.
    package func negativeLogLikelihood(of pieces: [Tune]) -> Double {
        Evaluation.meanLoss(over: pieces) { piece in
            var (sum, state) = (0.0, State?.none)
            for part in ExampleParts.inOrder(piece.steps.count, size: Self.evaluatedAtATime) {
                func roll(_ first: Int) -> Tensor {
                    Tensor(piece.roll(from: first, count: part.count), shape: [part.count, 1, Tune.pitchCount])
                }
                let (logits, next) = self(roll(part.lowerBound - 1), from: state)
                sum += Double(sigmoidCrossEntropy(logits: logits, targets: roll(part.lowerBound)).sum().scalar)
                state = next
            }
            return (sum, piece.steps.count)
        }
    }
}
