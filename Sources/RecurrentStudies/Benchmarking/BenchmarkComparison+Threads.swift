import Recurrent

extension BenchmarkComparison {
    /// The same training steps with fewer and with more threads.
    package static let threads = threads(of: [4, 16, 64, 128, 256, 512], batches: [1, 8, 32], steps: 20)

    static func threads(of hidden: [Int], batches: [Int], steps: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "threads",
            "training steps of one LSTM layer with fewer and with more threads: medians of five runs, in turn",
            columns: ["fewer ms", "more ms", "times faster"]
        ) { seconds, each in
            let most = RecurrentKernels.threads
            defer { RecurrentKernels.threads = most }
            let counts = Array(sequence(first: 1) { $0 * 2 }.prefix { $0 < most }) + [most]
            for hidden in hidden {
                for batch in batches {
                    let layer = BenchmarkLayers(
                        cell: CellKind.lstm.asWideAsInputs, steps: steps, batch: batch, hidden: hidden)
                    let times = medians(of: layer.trainingStep, with: counts, seconds: seconds)
                    for place in counts.indices.dropFirst() {
                        let (fewer, more) = (times[place - 1], times[place])
                        try each(
                            "H \(hidden) B \(batch), \(counts[place - 1]) to \(counts[place]) threads",
                            [fewer * 1e3, more * 1e3, fewer / more])
                    }
                }
            }
        }
    }

    /// For each number of threads the median of five runs, each of which gives the median of its steps.
    private static func medians(of step: () -> Void, with threads: [Int], seconds: Double) -> [Double] {
        var runs: [[Double]] = Array(repeating: [], count: threads.count)
        let timing = StepTiming(seconds: seconds / Double(5 * threads.count))
        for _ in 0..<5 {
            for (place, count) in threads.enumerated() {
                RecurrentKernels.threads = count
                runs[place].append(timing.median(step))
            }
        }
        return runs.map { $0.sorted()[2] }
    }
}
