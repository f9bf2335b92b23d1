import Recurrent

extension BenchmarkComparison {
    /// What a training step holds for every time step of a sequence: numbers for each unit of a layer. The sizes are
    /// powers of two, which buffers are not rounded up from.
    package static let memory = memory(of: [.lstm, .gru, .rnn], hidden: 128, batch: 8, steps: 64)

    static func memory(of cells: [CellKind], hidden: Int, batch: Int, steps: Int) -> BenchmarkComparison {
        BenchmarkComparison(
            "memory",
            "numbers held in a training step for every time step, sequence and unit, with the sum of the outputs as loss",
            columns: ["one layer", "every further layer", "the loss"]
        ) { _, each in
            for cell in cells {
                /// By the difference of two numbers of steps, so that what does not grow with them falls out.
                func perStep(_ peak: (_ steps: Int) -> Int) -> Double {
                    Double(peak(2 * steps) - peak(steps)) / Double(steps * batch * hidden)
                }
                func layers(_ count: Int) -> Double {
                    perStep {
                        BenchmarkLayers(
                            cell: cell.asWideAsInputs, layers: count, steps: $0, batch: batch, hidden: hidden,
                            tracksInputs: false
                        ).peakOfTrainingStep
                    }
                }
                try each(
                    "\(cell.rawValue) H \(hidden)",
                    [layers(1), layers(3) - layers(2), perStep { peakOfSum([$0, batch, hidden]) }])
            }
        }
    }

    /// The most numbers held while the gradient of the sum of outputs of a shape is computed.
    private static func peakOfSum(_ shape: [Int]) -> Int {
        let outputs = Tensor.zeros(shape).tracked()
        let before = MemoryUse.current.bytes
        MemoryUse.resetPeak()
        _ = gradients(of: outputs.sum(), withRespectTo: [outputs])
        return (MemoryUse.current.peakBytes - before) / MemoryLayout<Float>.size
    }
}
