import Recurrent

extension ReproductionRow {
    /// The notes' three examples of `sequence_loss`: one sequence of three steps, two classes, the target always 1.
    static let sequenceLoss = ReproductionRow(
        "sequence-loss", source: "notes \"RNN in TensorFlow\": Cost: sequence_loss"
    ) { _, _ in
        let examples: [(logits: [[Float]], printed: Double)] = [
            ([[0.2, 0.7], [0.6, 0.2], [0.2, 0.9]], 0.596759),
            ([[0.3, 0.7], [0.3, 0.7], [0.3, 0.7]], 0.513015),
            ([[0.1, 0.9], [0.1, 0.9], [0.1, 0.9]], 0.371101),
        ]
        let losses = examples.map { example in
            Recurrent.sequenceLoss(
                logits: Tensor(example.logits).reshaped([3, 1, 2]), targets: IntegerTensor([1, 1, 1], shape: [3, 1]),
                weights: .ones([3, 1]))
        }
        return .numbers([
            NumberComparison("losses", expected: examples.map(\.printed), got: losses.map { Double($0.scalar) })
        ])
    }
}
