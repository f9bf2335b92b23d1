import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training on the adding problem: every batch is new, an epoch is 100 of them, and 1000 other sequences judge.
public struct AddingTask: StoredTask, GeneratedTask {
    /// How the problem is posed, and what learns it.
    package let configuration: AddingConfiguration
    /// What the model is judged by: the same sequences for every seed.
    package let validation: [AddingSequences]
    /// What the batches are made from.
    public var batches = GeneratedBatches()

    /// Reads nothing.
    public static func read(_ configuration: AddingConfiguration) throws -> GeneratedSource {
        try configuration.validate()
        return GeneratedSource(name: "generated sequences")
    }

    /// Draws the sequences for validation.
    public init(_ configuration: AddingConfiguration, preparation: NoPreparation, source: GeneratedSource) {
        self.init(configuration)
    }

    /// Draws the sequences for validation.
    package init(_ configuration: AddingConfiguration) {
        self.configuration = configuration
        validation = Self.thousand(configuration, from: RandomSource(seed: 0, operation: .max))
    }

    private static func thousand(_ configuration: AddingConfiguration, from source: RandomSource) -> [AddingSequences] {
        var random = source
        return (0..<10).map { _ in
            AddingSequences(count: 100, length: configuration.sequenceLength, random: &random)
        }
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: AddingConfiguration, _ preparation: NoPreparation) -> Double {
        // The sequences for validation, and a part of them or a batch in work.
        8000 * Double(configuration.sequenceLength)
            + configuration.stack.trainingBytes(
                inputSize: 2, outputSize: 1, rows: configuration.sequenceLength * max(100, configuration.batchSize),
                outputRows: 1)
    }

    /// The sequences of a batch.
    public var itemsPerStep: Int { configuration.batchSize }

    /// The sequences of a batch of the pass under way.
    func batch(_ position: Int) -> AddingSequences {
        var random = batches[position]
        return AddingSequences(
            count: configuration.batchSize, length: configuration.sequenceLength, random: &random)
    }

    /// The mean squared error on new sequences.
    public func loss(of network: AddingNetwork, position: Int) -> Tensor { network.squaredError(on: batch(position)) }

    /// The mean squared error on the 1000 sequences for validation.
    public func validation(of network: AddingNetwork) -> Evaluation? {
        Evaluation(loss: Self.meanError(of: network, on: validation))
    }

    /// The mean squared error on 1000 sequences that take part in no choice.
    package static func testError(of network: AddingNetwork, _ configuration: AddingConfiguration) -> Double {
        meanError(of: network, on: thousand(configuration, from: RandomSource(seed: 0, operation: .max - 1)))
    }

    private static func meanError(of network: AddingNetwork, on sequences: [AddingSequences]) -> Double {
        sequences.map { Double(network.squaredError(on: $0).scalar) }.reduce(0, +) / Double(sequences.count)
    }

    /// The gradient's norm at every time step of the trained network.
    public func pictures(of network: AddingNetwork) -> [NamedPicture] {
        let chart = GradientNorms.chart(
            "Gradient of the trained network", [(configuration.cell.title, network.gradientNorms(on: validation[0]))])
        return [NamedPicture("gradient-norms", chart)]
    }

    /// The sequences, the recurrent layer, and the dense layer to the sum.
    public static func graph(
        _ configuration: AddingConfiguration, _ preparation: NoPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        NetworkGraph(
            title: "Adding problem",
            chain: [
                NetworkGraph.Node("sequences", kind: "numbers and marks", shape: "[time, batch, 2]"),
                configuration.stack.node("cell", parameters: parameters),
                .layer(kind: "dense, of the last step", shape: "[batch, 1]", parameters), .loss("squared error"),
            ])
    }
}

/// One recurrent layer, and a dense layer from its last hidden state to the sum.
///
/// A ReLU network begins as Le, Jaitly and Hinton 2015 have it: its recurrent weight is the identity, so that it adds up
/// its inputs and passes gradients back unchanged. Its input weights have a standard deviation of 0.1. With the paper's
/// 0.001, and its millions of steps, learning has hardly begun after 5000.
public struct AddingNetwork: StoredNetwork, Sendable {
    /// The recurrent layer.
    package let cell: AnyCell
    /// From the last hidden state to the sum.
    package let output: Dense

    /// Makes the network of a configuration, with parameters `cell.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: AddingConfiguration, _ preparation: NoPreparation, _ binder: inout Binder) {
        let isIdentity = configuration.cell == .reluRNN
        cell = configuration.cell.make(
            inputSize: 2, hiddenSize: configuration.hiddenSize,
            inputInitializer: isIdentity ? .normal(standardDeviation: 0.1) : .glorotUniform,
            recurrentInitializer: isIdentity ? .identity() : .glorotUniform, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: 1, &binder["output"])
    }

    /// The mean squared error of the sums that the network gives after each sequence's last step.
    package func squaredError(on sequences: AddingSequences) -> Tensor {
        squaredError(after: cell.unroll(sequences.inputs), sequences)
    }

    private func squaredError(after result: Unrolled<AnyCell.State>, _ sequences: AddingSequences) -> Tensor {
        meanSquaredError(output(result.state.hidden), sequences.sums)
    }

    /// The norms of the squared error's gradient at every time step.
    package func gradientNorms(on sequences: AddingSequences) -> GradientNorms {
        cell.gradientNorms(over: sequences.inputs) { squaredError(after: $0, sequences) }
    }
}
