import Recurrent

extension BenchmarkComparison {
    /// One layer's training step with layer normalisation and without.
    package static let normalization = normalization(of: [128, 512], batch: 50, steps: 50)

    static func normalization(of hidden: [Int], batch: Int, steps: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "normalization", "training steps of one layer over \(steps) steps, plain and with layer normalisation",
            columns: ["plain ms", "normalized ms", "times the plain"]
        ) { seconds, each in
            for (name, plain, normalized) in pairs {
                for hidden in hidden {
                    let layers = [plain, normalized].map {
                        BenchmarkLayers(cell: $0, steps: steps, batch: batch, hidden: hidden)
                    }
                    let times = StepTiming(seconds: seconds).medians(layers.map(\.trainingStep))
                    try each(
                        "\(name) H \(hidden) B \(batch)", [times[0] * 1e3, times[1] * 1e3, times[1] / times[0]])
                }
            }
        }
    }

    private static let pairs: [(name: String, plain: BenchmarkLayers.Cell, normalized: BenchmarkLayers.Cell)] = [
        (
            "lstm", CellKind.lstm.asWideAsInputs,
            { AnyCell(LayerNormLSTMCell(inputSize: $0, hiddenSize: $0, &$1)) }
        ),
        (
            "gru", CellKind.gru.asWideAsInputs,
            { AnyCell(LayerNormGRUCell(inputSize: $0, hiddenSize: $0, &$1)) }
        ),
    ]
}
