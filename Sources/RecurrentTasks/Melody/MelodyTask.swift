import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model of music: which notes sound next, given all that sounded before.
public struct MelodyTask: StoredTask, BatchedTask {
    /// What the model is and how it is trained.
    public let configuration: MelodyConfiguration
    private let parts: [MelodyBatch.Part]
    private let validation: [Tune]
    /// Which parts of pieces stand together.
    public var plan: BatchPlan

    /// `notes.json`.
    public static let preparationFile = "notes.json"

    // Batches whose parts are sorted by length before they are cut into batches.
    private static let groupedBatches = 8

    /// Reads the pieces, or makes some.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    public static func read(_ configuration: MelodyConfiguration) throws -> MelodySource {
        try MelodySource(configuration)
    }

    /// How often each note sounds in the training part.
    ///
    /// - Throws: `RecurrentError` where a share is out of its range.
    public static func prepare(_ source: MelodySource, _ configuration: MelodyConfiguration) throws -> NoteFrequencies {
        NoteFrequencies(of: try source.parts(configuration).training)
    }

    /// Divides the pieces.
    ///
    /// - Throws: `RecurrentError` where the batch size is not positive.
    public init(_ configuration: MelodyConfiguration, preparation: NoteFrequencies, source: MelodySource) throws {
        self.configuration = configuration
        let divided = try source.parts(configuration)
        parts = MelodyBatch.parts(of: divided.training, limit: configuration.sequenceLength)
        validation = divided.validation
        plan = try BatchPlan(
            lengths: parts.map(\.count), batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: MelodyConfiguration, _ preparation: NoteFrequencies, _ binder: inout Binder
    ) -> MelodyNetwork {
        MelodyNetwork(configuration, &binder)
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
        return NetworkGraph(
            title: "Melody model",
            chain: [NetworkGraph.Node("notes", kind: "ones and zeros", shape: notes)]
                + configuration.stack.nodes("cell", parameters: parameters) + [
                    .layer(shape: notes, parameters), .loss("sigmoid cross-entropy"),
                ])
    }
}
