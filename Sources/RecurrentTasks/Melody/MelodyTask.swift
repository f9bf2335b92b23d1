import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model of music: which notes sound next, given all that sounded before.
public struct MelodyTask: StoredTask, BatchedTask {
    private let parts: [MelodyBatch.Part]
    private let validation: [Tune]
    /// Which parts of pieces stand together.
    public var plan: BatchPlan

    /// `notes.json`.
    public static let preparationFile = "notes.json"

    /// Reads the pieces, or makes some.
    public static func read(_ configuration: MelodyConfiguration) throws -> MelodySource {
        try MelodySource(configuration)
    }

    /// How often each note sounds in the training part.
    public static func prepare(_ source: MelodySource, _ configuration: MelodyConfiguration) throws -> NoteFrequencies {
        NoteFrequencies(of: try source.parts(configuration).training)
    }

    /// Whether there is a probability for every pitch.
    public static func check(_ preparation: NoteFrequencies, _ configuration: MelodyConfiguration) throws {
        let probabilities = preparation.probabilities
        guard probabilities.count == Tune.pitchCount, probabilities.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw RecurrentError(
                "probabilities are not \(Tune.pitchCount) numbers above 0 and below 1, one for each pitch")
        }
    }

    /// Divides the pieces.
    public init(_ configuration: MelodyConfiguration, preparation: NoteFrequencies, source: MelodySource) throws {
        let divided = try source.parts(configuration)
        parts = MelodyBatch.parts(of: divided.training, limit: configuration.sequenceLength)
        validation = divided.validation
        plan = try BatchPlan(
            lengths: parts.map(\.count), batchSize: configuration.batchSize, groupedBatches: 8)
    }

    /// Bytes that training will need, roughly: for pieces of the full length.
    public static func estimatedBytes(_ configuration: MelodyConfiguration, _ preparation: NoteFrequencies) -> Double {
        let rows = configuration.sequenceLength * configuration.batchSize
        return 16 * Double(rows) * Double(Tune.pitchCount)
            + configuration.stack.trainingBytes(
                inputSize: Tune.pitchCount, outputSize: Tune.pitchCount, rows: rows, outputRows: rows)
    }

    /// The mean negative log-likelihood of a batch's time steps.
    public func loss(of network: MelodyNetwork, position: Int) -> Tensor {
        MelodyBatch(plan[position].map { parts[$0] }).loss(of: network)
    }

    /// The mean negative log-likelihood of the time steps of the validation pieces.
    public func validation(of network: MelodyNetwork) -> Evaluation? {
        validation.isEmpty ? nil : Evaluation(loss: network.negativeLogLikelihood(of: validation))
    }

    /// The notes, the recurrent layers, and the dense layer to the pitches.
    public static func graph(
        _ configuration: MelodyConfiguration, _ preparation: NoteFrequencies, parameters: ParameterLayout
    ) -> NetworkGraph {
        let notes = "[time, batch, \(Tune.pitchCount)]"
        return configuration.stack.graph(
            "Melody model", from: .init("notes", kind: "ones and zeros", shape: notes),
            to: .layer(shape: notes, parameters), loss: "sigmoid cross-entropy", parameters: parameters)
    }
}

/// A model of music: stacked cells over the notes of a time step, and a dense layer to the logits of every pitch in the next.
///
/// The pitches of a step are taken to be independent of each other, given all steps before: the RNN of
/// Boulanger-Lewandowski, Bengio and Vincent 2012, section 5, without the restricted Boltzmann machine.
public struct MelodyNetwork: StoredNetwork, Sendable {
    /// The states of all layers.
    package typealias State = RecurrentStack.Cells.State

    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: MelodyConfiguration, _ preparation: NoteFrequencies, _ binder: inout Binder) {
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

    /// The mean negative log-likelihood of pieces in nats a time step, summed over the pitches.
    package func negativeLogLikelihood(of pieces: [Tune]) -> Double {
        Evaluation.meanLoss(over: pieces) { piece in
            var (sum, state) = (0.0, State?.none)
            for part in ExampleParts.inOrder(piece.steps.count, size: 500) {
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

extension MelodyBatch {
    /// The mean negative log-likelihood under a network, in nats a time step, summed over the pitches.
    package func loss(of network: MelodyNetwork) -> Tensor {
        let logits = network(inputs, lengths: lengths).logits
        let losses = sigmoidCrossEntropy(logits: logits, targets: targets).sum(along: [2])
        let weights = runningSteps(lengths, time: inputs.shape[0]).reshaped(losses.shape)
        return (losses * weights).sum() / Float(lengths.reduce(0, +))
    }
}
