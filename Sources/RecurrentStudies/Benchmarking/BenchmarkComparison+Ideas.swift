import CKernels
import Recurrent

extension BenchmarkComparison {
    /// What each idea that the kernels rest on is worth: a layer's step forward and backward as it is, and without it.
    package static let ideas = ideas(
        of: [
            LayerSize(steps: 28, batch: 150, inputs: 28, hidden: 150),
            LayerSize(steps: 50, batch: 50, inputs: 128, hidden: 128),
            LayerSize(steps: 50, batch: 50, inputs: 512, hidden: 512),
            LayerSize(steps: 50, batch: 1, inputs: 512, hidden: 512),
        ],
        stacks: [
            DeepStack(layers: 3, hidden: 128, batch: 4, steps: 100),
            DeepStack(layers: 3, hidden: 128, batch: 50, steps: 100),
            DeepStack(layers: 3, hidden: 512, batch: 50, steps: 50),
        ])

    static func ideas(of sizes: [LayerSize], stacks: [DeepStack]) -> BenchmarkComparison {
        BenchmarkComparison(
            "ideas", "an LSTM layer forward and backward as it is, and with one idea after the other taken away",
            columns: ["as it is ms", "without ms", "times slower without"]
        ) { seconds, each in
            for size in sizes {
                for (idea, times) in LayerIdeas(size).times(StepTiming(seconds: seconds)) {
                    try each(
                        "\(idea), \(size.label)", [times.with * 1e3, times.without * 1e3, times.without / times.with])
                }
            }
            // Not the default: `Wavefront` against the same layers one after the other.
            for stack in stacks {
                let times = stack.times(StepTiming(seconds: seconds))
                try each("layers at once, \(stack.label)", [times[1] * 1e3, times[0] * 1e3, times[0] / times[1]])
            }
        }
    }
}

/// The sizes of an LSTM layer and its batch.
struct LayerSize: Sendable {
    let steps: Int
    let batch: Int
    let inputs: Int
    let hidden: Int

    fileprivate var label: String { "\(steps) steps, batch of \(batch), \(inputs) inputs, \(hidden) units" }
}

/// The pieces that a layer's step is made of with and without each idea, timed in turn.
struct LayerIdeas {
    private let size: LayerSize
    private let layer: KernelLayer

    init(_ size: LayerSize) {
        self.size = size
        layer = KernelLayer(size)
    }

    /// The time of the whole step with an idea, and without.
    func times(_ timing: StepTiming) -> [(idea: String, times: (with: Double, without: Double))] {
        let layer = layer
        let slicesBatch = size.batch >= 16
        let pieces = timing.medians([
            { layer.forward(steps: size.steps) },
            {
                layer.forward(steps: size.steps)
                layer.backward(steps: size.steps)
            },
            { layer.forward(steps: 1) },
            {
                layer.forward(steps: 1)
                layer.backward(steps: 1)
            },
            { layer.packState() },
            { layer.projectInputs() },
            { layer.stepWithGatesApart() },
            { layer.copyGates() },
            {
                let other = slicesBatch ? CK_UNITS_SHARED : CK_BATCH_SLICED
                layer.forward(steps: size.steps, division: other)
                layer.backward(steps: size.steps, division: other)
            },
        ])
        let (forward, whole, forwardStepwise, stepwise) = (pieces[0], pieces[1], pieces[2], pieces[3])
        let (packing, inputProduct, stepApart, copy, divided) = (pieces[4], pieces[5], pieces[6], pieces[7], pieces[8])
        let steps = Double(size.steps)
        return [
            ("inputs' products hoisted out of the loop", (whole, whole - forward + forwardStepwise)),
            ("weights' gradients at the end", (whole, forward + stepwise - forwardStepwise)),
            ("weights packed once an update", (whole + packing, whole + steps * packing)),
            ("gate arithmetic on the product's tiles", (whole, whole - forward + inputProduct + steps * stepApart)),
            ("gradients in place of the gates", (whole, whole + copy)),
            (slicesBatch ? "slices of the batch" : "shares of the units", (whole, divided)),
        ]
    }
}
