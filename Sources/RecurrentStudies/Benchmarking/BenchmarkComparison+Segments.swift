import Recurrent

extension BenchmarkComparison {
    /// A long sequence, remembered as a whole and in segments that are computed again.
    package static let segments = segments(of: [1000, 3000, 10_000, 30_000])

    static func segments(of steps: [Int]) -> BenchmarkComparison {
        BenchmarkComparison(
            "segments", "training steps over long sequences, as a whole and in segments that are computed again",
            columns: [
                "whole MB", "segments MB", "memory ratio", "whole resident MB", "segments resident MB", "whole ms",
                "segments ms", "time ratio", "gradients apart",
            ]
        ) { seconds, each in
            let resident = MemoryUse.peakResidentBytes
            // The resident peak only ever grows: first what takes less.
            let cut = steps.map { LongSequence(steps: $0).memory(\.lossInSegments, after: resident) }
            let whole = steps.map { LongSequence(steps: $0).memory(\.lossAsAWhole, after: resident) }
            for (index, steps) in steps.enumerated() {
                let sequence = LongSequence(steps: steps)
                let times = sequence.times(StepTiming(seconds: seconds))
                try each(
                    "\(steps) steps",
                    [
                        whole[index].tensors, cut[index].tensors, cut[index].tensors / whole[index].tensors,
                        whole[index].resident, cut[index].resident, times[0] * 1e3, times[1] * 1e3, times[1] / times[0],
                        sequence.gradientsApart(),
                    ])
            }
        }
    }
}

/// Eight sequences of characters, an LSTM of 128 units and the cross-entropy of every step.
private struct LongSequence: Sendable {
    struct Network: Sendable {
        let cell: LSTMCell
        let output: Dense
        let steps: Int

        init(steps: Int, _ binder: inout Binder) {
            cell = LSTMCell(inputSize: 65, hiddenSize: 128, &binder["cell"])
            output = Dense(inputSize: 128, outputSize: 65, &binder["output"])
            self.steps = steps
        }

        /// What follows from the numbers of the steps alone: nothing of it is held.
        private func tokens(_ steps: Range<Int>) -> IntegerTensor {
            IntegerTensor(
                steps.flatMap { step in (0..<8).map { Int32((step * step + 7 * step * $0 + $0) % 65) } },
                shape: [steps.count, 8])
        }

        private func loss(_ steps: Range<Int>, from state: LSTMState) -> (loss: Tensor, state: LSTMState) {
            let unrolled = cell.unroll(tokens(steps).oneHot(depth: 65), from: state)
            let targets = tokens(steps.lowerBound + 1..<steps.upperBound + 1)
            let losses = sparseSoftmaxCrossEntropy(logits: output(unrolled.outputs), labels: targets)
            return (losses.sum() / Float(8 * self.steps), unrolled.state)
        }

        var lossAsAWhole: Tensor { loss(0..<steps, from: cell.zeroState(batch: 8)).loss }

        var lossInSegments: Tensor {
            segmentedLoss(over: steps, from: cell.zeroState(batch: 8)) { segment, state in
                loss(segment.steps, from: state)
            }.loss
        }
    }

    typealias Loss = KeyPath<Network, Tensor>

    let steps: Int

    private var model: Model<Network> {
        let steps = steps
        return Model(seed: 1) { Network(steps: steps, &$0) }
    }

    /// The peaks of a training step in MB: of tensors, and of the process beyond `resident` bytes.
    func memory(_ loss: Loss, after resident: Int) -> (tensors: Double, resident: Double) {
        let before = MemoryUse.current.bytes
        MemoryUse.resetPeak()
        var model = model
        var optimizer = Adam(learningRate: 1e-3)
        model.train(with: &optimizer, clipping: .globalNorm(5)) { $0[keyPath: loss] }
        return (
            Double(MemoryUse.current.peakBytes - before) / 1e6,
            Double(MemoryUse.peakResidentBytes - resident) / 1e6
        )
    }

    /// The median times of a training step as a whole and in segments.
    func times(_ timing: StepTiming) -> [Double] {
        var models = [model, model]
        var optimizer = Adam(learningRate: 1e-3)
        return timing.medians([
            { models[0].train(with: &optimizer, clipping: .globalNorm(5)) { $0.lossAsAWhole } },
            { models[1].train(with: &optimizer, clipping: .globalNorm(5)) { $0.lossInSegments } },
        ])
    }

    /// The largest difference of a gradient, relative to the largest gradient.
    func gradientsApart() -> Double {
        var model = model
        return largestDifference(
            model.gradients { ($0.lossInSegments, ()) }.gradients.values,
            model.gradients { ($0.lossAsAWhole, ()) }.gradients.values)
    }
}

/// The largest difference of two elements, relative to the largest element of `expected`.
func largestDifference(_ found: [Float], _ expected: [Float]) -> Double {
    let size = expected.reduce(0) { max($0, abs($1)) }
    return Double(zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(size, .leastNormalMagnitude))
}
