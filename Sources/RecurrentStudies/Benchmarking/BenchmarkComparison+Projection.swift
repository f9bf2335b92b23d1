import Recurrent

extension BenchmarkComparison {
    /// An output layer applied at every step, and once to all steps.
    package static let projection = projection(of: [
        ProjectedSequence(steps: 28, batch: 150, hidden: 150, outputs: 10),
        ProjectedSequence(steps: 50, batch: 50, hidden: 128, outputs: 65),
        ProjectedSequence(steps: 200, batch: 8, hidden: 128, outputs: 65),
        ProjectedSequence(steps: 50, batch: 50, hidden: 128, outputs: 1000),
    ])

    static func projection(of sequences: [ProjectedSequence]) -> BenchmarkComparison {
        BenchmarkComparison(
            "projection", "training steps with an output layer applied at every step, and once to all steps",
            columns: ["every step ms", "once ms", "times faster", "losses apart", "gradients apart"]
        ) { seconds, each in
            for sequence in sequences {
                let times = sequence.times(StepTiming(seconds: seconds))
                let apart = sequence.apart()
                try each(
                    sequence.label,
                    [times[0] * 1e3, times[1] * 1e3, times[0] / times[1], apart.losses, apart.gradients])
            }
        }
    }
}

/// A GRU, an output layer, and the cross-entropy of every step.
struct ProjectedSequence: Sendable {
    let steps: Int
    let batch: Int
    let hidden: Int
    let outputs: Int

    fileprivate var label: String { "\(steps) steps, batch of \(batch), \(hidden) units to \(outputs)" }

    private struct Network: Sendable {
        let cell: GRUCell
        let output: Dense
        let inputs: Tensor
        let labels: IntegerTensor

        init(_ sequence: ProjectedSequence, inputs: Tensor, labels: IntegerTensor, _ binder: inout Binder) {
            cell = GRUCell(inputSize: 16, hiddenSize: sequence.hidden, &binder["cell"])
            output = Dense(inputSize: sequence.hidden, outputSize: sequence.outputs, &binder["output"])
            self.inputs = inputs
            self.labels = labels
        }

        private func loss(_ logits: (Tensor) -> Tensor) -> Tensor {
            sequenceLoss(logits: logits(cell.unroll(inputs).outputs), targets: labels)
        }

        /// What TensorFlow's `OutputProjectionWrapper` does inside the loop over time.
        var lossAtEveryStep: Tensor { loss { outputs in .stacked(outputs.unstacked().map { output($0) }) } }
        var lossAtOnce: Tensor { loss { output($0) } }
    }

    private var model: Model<Network> {
        var random = RandomSource(seed: 1, operation: 2)
        let inputs = Tensor(random.normal(count: steps * batch * 16), shape: [steps, batch, 16])
        let labels = IntegerTensor(
            random.uniform(count: steps * batch).map { Int32($0 * Float(outputs)) }, shape: [steps, batch])
        return Model(seed: 1) { Network(self, inputs: inputs, labels: labels, &$0) }
    }

    fileprivate func times(_ timing: StepTiming) -> [Double] {
        var models = [model, model]
        var optimizers = [Adam(learningRate: 1e-3), Adam(learningRate: 1e-3)]
        return timing.medians([
            { models[0].train(with: &optimizers[0]) { $0.lossAtEveryStep } },
            { models[1].train(with: &optimizers[1]) { $0.lossAtOnce } },
        ])
    }

    /// How far the two ways' results are from each other.
    fileprivate func apart() -> (losses: Double, gradients: Double) {
        var model = model
        let (stepwise, once) = (model.gradients { ($0.lossAtEveryStep, ()) }, model.gradients { ($0.lossAtOnce, ()) })
        return (
            Double(abs(stepwise.loss - once.loss)),
            largestDifference(once.gradients.values, stepwise.gradients.values)
        )
    }
}
