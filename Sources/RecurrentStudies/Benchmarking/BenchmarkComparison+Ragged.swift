import Recurrent

extension BenchmarkComparison {
    /// A batch of sequences of different lengths, told to the layer, and taken as if all were as long as the longest.
    package static let ragged = ragged(of: [100, 1000], batch: 64, hidden: 256)

    static func ragged(of longest: [Int], batch: Int, hidden: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "ragged",
            "training steps of one LSTM layer over sequences of 10 steps to the longest's, with lengths and padded",
            columns: ["lengths ms", "padded ms", "times faster", "share of steps"]
        ) { seconds, each in
            for steps in longest {
                let lengths = raggedLengths(batch, longest: steps)
                let padded = BenchmarkLayers(
                    cell: CellKind.lstm.asWideAsInputs, steps: steps, batch: batch, hidden: hidden)
                var ragged = padded
                ragged.lengths = lengths
                let times = StepTiming(seconds: seconds).medians([ragged.trainingStep, padded.trainingStep])
                try each(
                    "T \(steps)",
                    [
                        times[0] * 1e3, times[1] * 1e3, times[1] / times[0],
                        Double(lengths.reduce(0, +)) / Double(batch * steps),
                    ])
            }
        }
    }
}

/// Lengths spread evenly from 10 to the longest, in an order without a pattern: the same as those of the peers.
func raggedLengths(_ batch: Int, longest: Int) -> [Int] {
    let shortest = min(10, longest)
    return (0..<batch).map { shortest + ($0 * 37 % batch) * (longest - shortest) / max(1, batch - 1) }
}
