import Foundation
import Recurrent
import RecurrentTraining

extension BenchmarkComparison {
    /// How a training step's time and memory grow with each size of the network and its batch: one comparison for
    /// each, in which the others stay as they are in an LSTM of 128 units over 50 steps of 32 sequences of 65 tokens.
    package static let growth = [
        growth("steps", [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]) { $0.steps = $1 },
        growth("batch", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]) { $0.batch = $1 },
        growth("units", [8, 16, 32, 64, 128, 256, 512, 1024, 2048]) { $0.hidden = $1 },
        growth("layers", [1, 2, 3, 4, 6, 8]) { $0.layers = $1 },
        growth("vocabulary", [100, 300, 1000, 3000, 10_000, 30_000, 100_000]) { $0.vocabulary = $1 },
    ]

    static func growth(
        _ size: String, _ values: [Int], _ set: @escaping @Sendable (inout GrowingNetwork, Int) -> Void
    ) -> BenchmarkComparison {
        BenchmarkComparison(
            "growth-\(size)", "training steps as the \(size) grows, and the memory of their tensors",
            columns: ["ms", "MB"]
        ) { seconds, each in
            for value in values {
                var network = GrowingNetwork()
                set(&network, value)
                try each("\(size) \(value)", network.measure(StepTiming(seconds: seconds)))
            }
        }
    }
}

/// The sizes of an LSTM that reads tokens and is to foresee the next at every step.
struct GrowingNetwork: Sendable {
    var steps = 50
    var batch = 32
    var hidden = 128
    var layers = 1
    var vocabulary = 65

    /// The milliseconds of a training step and the most megabytes of its tensors, parameters included; not a number
    /// where the machine has not the memory.
    fileprivate func measure(_ timing: StepTiming) -> [Double] {
        let rows = steps * batch
        let estimate = RecurrentStack(.lstm, hiddenSize: hidden, layers: layers).trainingBytes(
            inputSize: vocabulary, outputSize: vocabulary, rows: rows, outputRows: rows)
        guard estimate < Double(ProcessInfo.processInfo.physicalMemory) else { return [.nan, .nan] }
        let before = MemoryUse.current.bytes
        MemoryUse.resetPeak()
        let configuration = BenchmarkConfiguration(
            "growing", .lstm, batch: batch, steps: steps, inputs: vocabulary, readsTokens: true, hidden: hidden,
            layers: layers, outputs: vocabulary)
        let median = timing.median(configuration.trainingStep())
        return [median * 1e3, Double(MemoryUse.current.peakBytes - before) / 1e6]
    }
}
