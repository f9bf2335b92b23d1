import Recurrent

extension BenchmarkComparison {
    /// Stacked LSTMs, layer by layer with the batch (or the units) divided among the threads, and all layers at once.
    package static let wavefront = wavefront(
        of: [1, 2, 4, 8, 50].flatMap { batch in
            [(2, 128), (3, 128), (4, 128), (2, 512)].map { layers, hidden in
                DeepStack(layers: layers, hidden: hidden, batch: batch, steps: 200)
            }
        })

    static func wavefront(of stacks: [DeepStack]) -> BenchmarkComparison {
        BenchmarkComparison(
            "wavefront", "training steps of stacked LSTMs, layer by layer and the layers at once on different threads",
            columns: ["layer by layer ms", "at once ms", "times faster", "gradients apart"]
        ) { seconds, each in
            for stack in stacks {
                let times = stack.times(StepTiming(seconds: seconds))
                try each(stack.label, [times[0] * 1e3, times[1] * 1e3, times[0] / times[1], stack.gradientsApart()])
            }
        }
    }
}

/// Stacked LSTMs over a batch of 200 steps or so, and the sum of squares of their outputs.
struct DeepStack: Sendable {
    let layers: Int
    let hidden: Int
    let batch: Int
    let steps: Int

    var label: String { "\(layers) layers of \(hidden), batch of \(batch), \(steps) steps" }

    private struct Network: Sendable {
        let cells: [LSTMCell]
        let inputs: Tensor

        init(_ stack: DeepStack, inputs: Tensor, _ binder: inout Binder) {
            cells = (0..<stack.layers).map {
                LSTMCell(inputSize: stack.hidden, hiddenSize: stack.hidden, &binder["cell", $0])
            }
            self.inputs = inputs
        }

        var lossLayerByLayer: Tensor { StackedCells(cells).unroll(inputs).outputs.squared().mean() }
        var lossAtOnce: Tensor { Wavefront(cells).unroll(inputs).outputs.squared().mean() }
    }

    private var model: Model<Network> {
        var random = RandomSource(seed: 1, operation: 2)
        let inputs = Tensor(random.normal(count: steps * batch * hidden), shape: [steps, batch, hidden])
        return Model(seed: 1) { Network(self, inputs: inputs, &$0) }
    }

    /// Layer by layer, and at once.
    func times(_ timing: StepTiming) -> [Double] {
        var models = [model, model]
        var optimizers = [Adam(learningRate: 1e-3), Adam(learningRate: 1e-3)]
        return timing.medians([
            { models[0].train(with: &optimizers[0]) { $0.lossLayerByLayer } },
            { models[1].train(with: &optimizers[1]) { $0.lossAtOnce } },
        ])
    }

    fileprivate func gradientsApart() -> Double {
        var model = model
        return largestDifference(
            model.gradients { ($0.lossAtOnce, ()) }.gradients.values,
            model.gradients { ($0.lossLayerByLayer, ()) }.gradients.values)
    }
}
