import Recurrent

extension BenchmarkComparison {
    /// One layer's training step with few sequences.
    package static let smallBatches = smallBatches(of: [256, 512], batches: [1, 2, 4, 8, 16], steps: 50)

    static func smallBatches(of hidden: [Int], batches: [Int], steps: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "small-batches", "training steps of one LSTM layer over \(steps) steps with few sequences",
            columns: ["ms"]
        ) { seconds, each in
            for hidden in hidden {
                for batch in batches {
                    let layer = BenchmarkLayers(
                        cell: CellKind.lstm.asWideAsInputs, steps: steps, batch: batch, hidden: hidden)
                    try each(
                        "H \(hidden) B \(batch)", [StepTiming(seconds: seconds).median(layer.trainingStep) * 1e3])
                }
            }
        }
    }

    /// One layer over whole sequences without gradients.
    package static let inference = inference(of: [128, 512], batches: [1, 32, 128], steps: 100)

    static func inference(of hidden: [Int], batches: [Int], steps: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "inference", "one layer over whole sequences of \(steps) steps, without gradients", columns: ["ms"]
        ) { seconds, each in
            for cell in [CellKind.lstm, .gru] {
                for hidden in hidden {
                    for batch in batches {
                        let layer = BenchmarkLayers(
                            cell: cell.asWideAsInputs, steps: steps, batch: batch, hidden: hidden)
                        try each(
                            "\(cell.rawValue) H \(hidden) B \(batch)",
                            [StepTiming(seconds: seconds).median(layer.inference) * 1e3])
                    }
                }
            }
        }
    }
}
