import Recurrent
import RecurrentPictures
import RecurrentTraining

/// Training on the adding problem: every batch is new, an epoch is 100 of them, and 1000 other sequences judge.
public struct AddingTask: StoredTask {
    /// How the problem is posed, and what learns it.
    public let configuration: AddingConfiguration
    /// What the model is judged by: the same sequences for every seed.
    public let validation: [AddingSequences]
    private var random = RandomSource(seed: 0)

    /// The sequences are made, not read.
    public struct Source: TaskSource {
        /// `generated sequences`.
        public let name = "generated sequences"
        /// That of the name.
        public var fingerprint: String { Checksum.fingerprint(Array(name.utf8)) }
    }

    /// Reads nothing.
    ///
    /// - Throws: `RecurrentError` where there is data to read.
    public static func read(_ configuration: AddingConfiguration) throws -> Source {
        try configuration.validate()
        return Source()
    }

    /// Draws the sequences for validation.
    public init(_ configuration: AddingConfiguration, preparation: NoPreparation = NoPreparation(), source: Source) {
        self.init(configuration)
    }

    /// Draws the sequences for validation.
    public init(_ configuration: AddingConfiguration) {
        self.configuration = configuration
        validation = Self.thousand(configuration, from: RandomSource(seed: 0, operation: .max))
    }

    private static func thousand(_ configuration: AddingConfiguration, from source: RandomSource) -> [AddingSequences] {
        var random = source
        return (0..<10).map { _ in
            AddingSequences(count: 100, length: configuration.sequenceLength, random: &random)
        }
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: AddingConfiguration, _ preparation: NoPreparation, _ binder: inout Binder
    ) -> AddingNetwork {
        AddingNetwork(configuration, &binder)
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: AddingConfiguration, _ preparation: NoPreparation) -> Double {
        // The sequences for validation, and a part of them or a batch in work.
        8000 * Double(configuration.sequenceLength)
            + configuration.cell.trainingBytes(
                inputSize: 2, hiddenSize: configuration.hiddenSize, layers: 1, outputSize: 1,
                rows: configuration.sequenceLength * max(100, configuration.batchSize), outputRows: 1)
    }

    /// 100.
    public var stepsPerEpoch: Int { 100 }

    /// The sequences of a batch.
    public var itemsPerStep: Int { configuration.batchSize }

    /// Takes a seed of the pass's own for its batches.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        self.random = RandomSource(seed: UInt64(random.next()) << 32 | UInt64(random.next()))
    }

    /// The sequences of a batch of the pass under way.
    func batch(_ position: Int) -> AddingSequences {
        var random = random.stream(UInt64(position))
        return AddingSequences(
            count: configuration.batchSize, length: configuration.sequenceLength, random: &random)
    }

    /// The mean squared error on new sequences.
    public func loss(
        of network: AddingNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        (network.squaredError(on: batch(position)), [])
    }

    /// The mean squared error on the 1000 sequences for validation.
    public func validation(of network: AddingNetwork) -> Evaluation? {
        Evaluation(loss: Self.meanError(of: network, on: validation))
    }

    /// The mean squared error on 1000 sequences that take part in no choice.
    public static func testError(of network: AddingNetwork, _ configuration: AddingConfiguration) -> Double {
        meanError(of: network, on: thousand(configuration, from: RandomSource(seed: 0, operation: .max - 1)))
    }

    private static func meanError(of network: AddingNetwork, on sequences: [AddingSequences]) -> Double {
        sequences.map { Double(network.squaredError(on: $0).scalar) }.reduce(0, +) / Double(sequences.count)
    }

    /// The gradient's norm at every time step of the trained network.
    public func pictures(of network: AddingNetwork) -> [(name: String, picture: any SVGPicture)] {
        let chart = GradientNorms.chart(
            "Gradient of the trained network", [(configuration.cell.title, network.gradientNorms(on: validation[0]))])
        return [("gradient-norms", chart)]
    }

    /// The sequences, the recurrent layer, and the dense layer to the sum.
    public static func graph(
        _ configuration: AddingConfiguration, _ preparation: NoPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        NetworkGraph(
            title: "Adding problem",
            chain: [
                NetworkGraph.Node("sequences", kind: "numbers and marks", shape: "[time, batch, 2]"),
                NetworkGraph.Node(
                    "cell", kind: configuration.cell.title, shape: "[time, batch, \(configuration.hiddenSize)]",
                    parameters: parameters.count(of: "cell"), state: configuration.cell.stateNames),
                NetworkGraph.Node(
                    "output", kind: "dense, of the last step", shape: "[batch, 1]",
                    parameters: parameters.count(of: "output")),
                NetworkGraph.Node("loss", kind: "squared error", shape: "[]"),
            ])
    }
}
