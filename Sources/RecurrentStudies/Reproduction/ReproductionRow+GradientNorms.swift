import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

extension ReproductionRow {
    /// How a gradient fares on its way back over 100 steps of the adding problem, in networks of 100 units that have not
    /// learned anything yet (Pascanu, Mikolov and Bengio 2013, section 2).
    static let gradientNorms = ReproductionRow(
        "gradient-norms",
        source: "Pascanu, Mikolov and Bengio 2013, section 2; Le, Jaitly and Hinton 2015, section 3"
    ) { _, _ in
        var random = RandomSource(seed: 0)
        let sequences = AddingSequences(count: 32, length: 100, random: &random)
        func norms(_ cell: CellKind, recurrentGain gain: Float = 1) -> GradientNorms {
            var configuration = AddingConfiguration(cell: cell)
            configuration.hiddenSize = 100
            var model = AddingTask.makeModel(configuration, NoPreparation())
            if gain != 1, let weight = model.parameters["cell.recurrentWeight"] {
                model.parameters.set("cell.recurrentWeight", to: weight.values.map { gain * $0 })
            }
            return model.evaluate { $0.gradientNorms(on: sequences) }
        }
        let networks: [(name: String, norms: GradientNorms, expected: ClosedRange<Double>)] = [
            ("tanh RNN", norms(.rnn), 0...0.5),
            ("tanh RNN, recurrent weights x 0.8", norms(.rnn, recurrentGain: 0.8), 0...1e-5),
            ("tanh RNN, recurrent weights x 3", norms(.rnn, recurrentGain: 3), 1e2...1e30),
            ("identity ReLU RNN", norms(.reluRNN), 0.1...10),
            ("LSTM", norms(.lstm), 0...1e-2),
            ("GRU", norms(.gru), 0...1e-2),
        ]
        let measurements = networks.map { network in
            let hidden = network.norms.hidden
            return BoundedMeasurement(
                network.name,
                details: [.init("at step 1", hidden[0]), .init("at step 100", hidden[99])],
                expected: network.expected, got: [hidden[0] / hidden[99]])
        }
        let picture = GradientNorms.chart(
            "Gradients on their way back, before training", networks.map { ($0.name, $0.norms) })
        return .measurements(of: "first to last", measurements, picture: picture)
    }
}
