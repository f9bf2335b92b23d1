import Recurrent

/// Layers of one kind of cell over random inputs as wide as the layers; their loss is the sum of the outputs.
struct BenchmarkLayers: Sendable {
    /// Makes a cell that is as wide as its inputs.
    typealias Cell = @Sendable (_ size: Int, _ binder: inout Binder) -> AnyCell

    let cell: Cell
    var layers = 1
    let steps: Int
    let batch: Int
    /// The width of the inputs, and of every layer.
    let hidden: Int
    /// The number of steps of every sequence; all where none are given.
    var lengths: [Int]?
    /// Whether a training step gives the inputs' gradient too.
    var tracksInputs = true

    private var inputs: Tensor {
        var random = RandomSource(seed: 1, operation: 2)
        return Tensor(random.normal(count: steps * batch * hidden), shape: [steps, batch, hidden])
    }

    private var model: Model<StackedCells<AnyCell>> {
        let (cell, layers, hidden) = (cell, layers, hidden)
        return Model(seed: 1) { binder in
            StackedCells(
                (0..<layers).map { cell(hidden, &binder["cell", $0]) })
        }
    }

    /// A step forward and backward: the gradients of all weights and, where tracked, of the inputs. The weights count as changed from
    /// step to step, so that what is made of them is made again.
    var trainingStep: () -> Void {
        var model = model
        let (inputs, lengths) = (tracksInputs ? inputs.tracked() : inputs, lengths)
        return {
            model.parameters.write { _ in }
            _ = model.gradients { cell in (cell.unroll(inputs, lengths: lengths).outputs.sum(), ()) }
        }
    }

    /// The outputs of all steps, without gradients.
    var inference: () -> Void {
        let (model, inputs, lengths) = (model, inputs, lengths)
        return { _ = model.evaluate { $0.unroll(inputs, lengths: lengths).outputs } }
    }

    /// The most numbers that tensors held at once during a training step, beyond those before it.
    var peakOfTrainingStep: Int {
        let step = trainingStep
        let before = MemoryUse.current.bytes
        MemoryUse.resetPeak()
        step()
        return (MemoryUse.current.peakBytes - before) / MemoryLayout<Float>.size
    }
}

extension CellKind {
    /// Makes a cell of this kind that is as wide as its inputs.
    var asWideAsInputs: BenchmarkLayers.Cell {
        { size, binder in make(inputSize: size, hiddenSize: size, &binder) }
    }
}
