import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model of music: which notes sound next, given all that sounded before.
public struct MelodyTask: StoredTask {
    /// What the model is and how it is trained.
    public let configuration: MelodyConfiguration
    private let parts: [MelodyBatch.Part]
    private let validation: [Tune]
    private let order: BatchOrder
    private var batches: [[Int]] = []

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
    public static func prepare(_ source: MelodySource, _ configuration: MelodyConfiguration) -> NoteFrequencies {
        NoteFrequencies(of: source.parts(configuration).training)
    }

    /// Divides the pieces.
    ///
    /// - Throws: `RecurrentError` where the batch size is not positive.
    public init(_ configuration: MelodyConfiguration, preparation: NoteFrequencies, source: MelodySource) throws {
        self.configuration = configuration
        let divided = source.parts(configuration)
        parts = MelodyBatch.parts(of: divided.training, limit: configuration.sequenceLength)
        validation = divided.validation
        order = try BatchOrder(batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
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
            + configuration.cell.trainingBytes(
                inputSize: Tune.pitchCount, hiddenSize: configuration.hiddenSize, layers: configuration.layers,
                outputSize: Tune.pitchCount, rows: rows, outputRows: rows)
    }

    /// As many batches as hold all parts of pieces for training.
    public var stepsPerEpoch: Int { (parts.count + configuration.batchSize - 1) / configuration.batchSize }

    /// The parts of pieces of a batch; the last may have fewer.
    public var itemsPerStep: Int { min(configuration.batchSize, parts.count) }

    /// Draws the batches of a pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        batches = order.batches(lengths: parts.map(\.count), random: &random)
    }

    /// The mean negative log-likelihood of a batch's time steps.
    public func loss(
        of network: MelodyNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        (MelodyBatch(batches[position].map { parts[$0] }).loss(of: network), [])
    }

    /// The mean negative log-likelihood of the time steps of the validation pieces.
    public func validation(of network: MelodyNetwork) -> Evaluation? {
        validation.isEmpty ? nil : Evaluation(loss: network.negativeLogLikelihood(of: validation))
    }

    /// The notes, the recurrent layers, and the dense layer to the pitches.
    public static func graph(
        _ configuration: MelodyConfiguration, _ preparation: NoteFrequencies, parameters: ParameterLayout
    ) -> NetworkGraph {
        let kind =
            configuration.cell.title + (configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : "")
        let notes = "[time, batch, \(Tune.pitchCount)]"
        let layers = (0..<configuration.layers).map { layer in
            NetworkGraph.Node(
                "cell.\(layer)", kind: kind, shape: "[time, batch, \(configuration.hiddenSize)]",
                parameters: parameters.count(of: "cell.\(layer)"), state: configuration.cell.stateNames)
        }
        return NetworkGraph(
            title: "Melody model",
            chain: [NetworkGraph.Node("notes", kind: "ones and zeros", shape: notes)] + layers + [
                NetworkGraph.Node(
                    "output", kind: "dense", shape: notes, parameters: parameters.count(of: "output")),
                NetworkGraph.Node("loss", kind: "sigmoid cross-entropy", shape: "[]"),
            ])
    }
}
