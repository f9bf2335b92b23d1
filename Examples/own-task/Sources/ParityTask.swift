// A task of one's own: after every bit of a sequence, is the number of ones so far odd? main.swift trains it: swift run

import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// What is learned and how: everything that decides the result. The run keeps it as config.json.
struct ParityConfiguration: RecurrentConfiguration {
    static let taskName = "parity"
    var data: String?  // none: the task makes its own
    var cell = CellKind.gru
    var hiddenSize = 16
    var bits = 10
    var batchSize = 32
    var optimization = Optimization(learningRate: 1e-2, gradientNormBound: 1)
    var seed: UInt64 = 1
    var stack: RecurrentStack { RecurrentStack(cell, hiddenSize: hiddenSize) }

    func validate() throws {
        guard (2...16).contains(bits) else { throw RecurrentError("`bits` is \(bits); expected 2 to 16") }
        try validateCell()
    }
}

/// Recurrent layers, and the logit of "odd" after every bit: `[time, batch, 1]` to `[time, batch, 1]`.
struct ParityNetwork: StoredNetwork {
    let layers: RecurrentStack.Cells
    let output: Dense

    init(_ configuration: ParityConfiguration, _ preparation: NoPreparation, _ binder: inout Binder) {
        layers = configuration.stack.cells(inputSize: 1, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: 1, &binder["output"])
    }

    func callAsFunction(_ bits: Tensor) -> Tensor { output(layers.unroll(bits).outputs) }
}

/// All sequences of some bits, divided into three parts: sequence number n has the bits of n.
struct ParityTask: StoredTask, BatchedTask {
    let configuration: ParityConfiguration
    let parts: Parts<[Int]>
    var plan: BatchPlan

    static func read(_ configuration: ParityConfiguration) -> GeneratedSource {
        GeneratedSource(name: "all sequences of \(configuration.bits) bits")
    }

    init(_ configuration: ParityConfiguration, preparation: NoPreparation, source: GeneratedSource) throws {
        self.configuration = configuration
        parts = try Division(validationFraction: 0.2, testFraction: 0.2, seed: configuration.seed)
            .places(count: 1 << configuration.bits)
        plan = try BatchPlan(count: parts.training.count, batchSize: configuration.batchSize)
    }

    func loss(of network: ParityNetwork, position: Int) -> Tensor {
        let (bits, odd) = batch(plan[position].map { parts.training[$0] })
        return sigmoidCrossEntropy(logits: network(bits), targets: odd).mean()
    }

    func validation(of network: ParityNetwork) -> Evaluation? { evaluation(of: network, on: parts.validation) }

    /// The loss and the share of right answers on some sequences.
    func evaluation(of network: ParityNetwork, on sequences: [Int]) -> Evaluation {
        let (bits, odd) = batch(sequences)
        let logits = network(bits)
        let right = zip(logits.values, odd.values).count { ($0 > 0) == ($1 == 1) }
        return Evaluation(
            loss: Double(sigmoidCrossEntropy(logits: logits, targets: odd).mean().scalar),
            measures: ["accuracy": Double(right) / Double(odd.count)])
    }

    /// Bits of sequences, and 1 where the number of ones so far is odd, 0 elsewhere: both `[time, batch, 1]`.
    private func batch(_ sequences: [Int]) -> (bits: Tensor, odd: Tensor) {
        let times = 0..<configuration.bits
        let bits = times.flatMap { time in sequences.map { Float($0 >> time & 1) } }
        let odd = times.flatMap { time in sequences.map { Float(($0 & (2 << time - 1)).nonzeroBitCount & 1) } }
        let shape = [times.count, sequences.count, 1]
        return (Tensor(bits, shape: shape), Tensor(odd, shape: shape))
    }

    static func estimatedBytes(_ configuration: ParityConfiguration, _ preparation: NoPreparation) -> Double {
        let rows = configuration.bits * configuration.batchSize
        return configuration.stack.trainingBytes(inputSize: 1, outputSize: 1, rows: rows, outputRows: rows)
    }

    static func graph(
        _ configuration: ParityConfiguration, _ preparation: NoPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        configuration.stack.graph(
            "Parity", from: NetworkGraph.Node("bits"), to: .layer(shape: "[time, batch, 1]", parameters),
            loss: "cross-entropy", parameters: parameters)
    }
}
