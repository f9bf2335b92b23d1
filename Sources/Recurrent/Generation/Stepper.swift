import CKernels

/// Stacked cells and a dense layer, ready to be run one time step at a time: what generation spends its time in.
///
/// The weights are packed and all memory is taken once; a step is one call of the kernels, which divide the hidden units
/// among the threads. It gives what unrolling the cells over one step gives.
public final class Stepper {
    private let layers: [Layer]
    private let embedding: (table: Tensor, vectors: Tensor)?
    private let descriptions: UnsafeMutableBufferPointer<ck_recurrent>
    private let tokens: UnsafeMutableBufferPointer<Int32>
    private let output: Dense
    private let outputWeight: Storage
    private var product: ck_product
    private let logits: Tensor

    /// What a layer's description points to.
    private struct Layer {
        let run: FusedRun
        let packs: FusedRun.Packs
        let outputs: Tensor
        let hidden: Tensor
        let cell: Tensor?
        let saved: Storage
    }

    /// Makes a stepper from the states that the cells are in; nil when a cell is not one of the built-in kinds,
    /// plain or in wrappers that do nothing outside training.
    /// - Parameters:
    ///   - embedding: The tokens' vectors, which the lowest layer reads; nil where its inputs are one-hot.
    ///   - cells: The layers, the lowest first.
    ///   - states: Their states, of one batch size.
    ///   - output: The layer from the last cell's outputs to the logits.
    ///
    /// Cells whose sizes do not fit together are a mistake of the programmer and stop the program with both shapes.
    public init?(embedding: Embedding? = nil, cells: [AnyCell], states: [AnyCell.State], output: Dense) {
        require(cells.count == states.count, "\(states.count) states for \(cells.count) cells")
        var layers: [Layer] = []
        // The vectors of the tokens that are read lie in one place, as the outputs of a layer do.
        self.embedding = embedding.flatMap { embedding in
            states.first?.tensors.first.map { state in
                let table = embedding.table.detached()
                return (
                    table,
                    Tensor(uninitialized: [1, state.shape[0], table.shape[1]], precision: table.precision)
                )
            }
        }
        var below = self.embedding?.vectors
        for (cell, state) in zip(cells, states) {
            guard let fused = fusedLayer(of: cell) else { return nil }
            let parts = state.tensors
            // The kernels read a state before they write it: one buffer serves for both.
            let isLSTM = fused.cell == CK_LSTM
            let hidden = parts[isLSTM ? 1 : 0].copied()
            let memory = isLSTM ? parts[0].copied() : nil
            let batch = hidden.shape[0]
            let width = fused.projection?.shape[1] ?? fused.hidden
            require(
                hidden.shape == [batch, width] && (memory.map { $0.shape == [batch, fused.hidden] } ?? true),
                "a state of the shapes \(parts.map(\.shape)) for a cell of \(fused.hidden) hidden units")
            if let below {
                require(
                    below.shape == [1, batch, fused.inputWeight.shape[0]] && below.precision == hidden.precision,
                    "outputs of shape \(below.shape) below a cell with an input weight \(fused.inputWeight.shape)")
            }
            let run = FusedRun(
                layer: fused.options,
                tensors: [
                    below, hidden, memory, fused.inputWeight, fused.recurrentWeight, fused.bias, fused.recurrentBias,
                    fused.peepholes, fused.projection,
                ].map { $0?.detached() },
                time: 1, batch: batch, lengths: nil, reversed: false, precision: hidden.precision)
            let outputs = Tensor(uninitialized: [1, batch, hidden.shape[1]], precision: hidden.precision)
            let packs = run.packs()
            var description = run.description(
                packs, outputs: outputs, finalHidden: hidden, finalCell: memory, lengths: nil, tokens: nil)
            let saved = Storage(
                count: Int(hidden.kernels.recurrent_saved_count(&description)), precision: hidden.precision)
            layers.append(
                Layer(run: run, packs: packs, outputs: outputs, hidden: hidden, cell: memory, saved: saved))
            below = outputs
        }
        guard let last = layers.last else { return nil }
        require(
            output.weight.shape[0] == last.outputs.shape[2],
            "outputs of shape \(last.outputs.shape) for an output layer \(output.weight.shape)")
        self.layers = layers
        self.output = output
        let batch = last.run.batch
        tokens = .allocate(capacity: batch)
        tokens.initialize(repeating: 0)
        descriptions = .allocate(capacity: layers.count)
        for (index, layer) in layers.enumerated() {
            var description = layer.run.description(
                layer.packs, outputs: layer.outputs, finalHidden: layer.hidden, finalCell: layer.cell, lengths: nil,
                tokens: index == 0 && embedding == nil ? UnsafePointer(tokens.baseAddress) : nil)
            description.saved = layer.saved.pointer
            descriptions.initializeElement(at: index, to: description)
        }
        let (depth, columns) = (output.weight.shape[0], output.weight.shape[1])
        outputWeight = output.weight.detached().packed(depth: depth, columns: columns, transposed: false)
        logits = Tensor(uninitialized: [batch, columns], precision: last.outputs.precision)
        product = ck_product(
            rows: Int64(batch), columns: Int64(columns), depth: Int64(depth), a: last.outputs.pointer,
            a_stride: Int64(depth), transposed_a: 0, b: outputWeight.pointer, bias: output.bias.pointer,
            c: logits.pointer, c_stride: Int64(columns), accumulate: 0)
    }

    deinit {
        tokens.deallocate()
        descriptions.deallocate()
    }

    /// Reads one token of every sequence and calls `body` with the logits `[batch, vocabulary]` of the next.
    public func withLogits<Result>(
        after read: some Collection<Int32>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        require(read.count == tokens.count, "\(read.count) tokens for a batch of \(tokens.count)")
        let vocabulary = embedding?.table.shape[0] ?? Int(descriptions[0].inputs)
        for (place, token) in read.enumerated() {
            require(token >= 0 && token < vocabulary, "the token \(token) is not one of \(vocabulary)")
            tokens[place] = token
            if let (table, vectors) = embedding {
                let row = table.shape[1] * table.precision.scalarBytes
                (vectors.pointer + place * row).copyMemory(from: table.pointer + Int(token) * row, byteCount: row)
            }
        }
        logits.kernels.recurrent_step(descriptions.baseAddress, Int32(descriptions.count), &product)
        return try logits.withUnsafeValues(body)
    }
}

extension Tensor {
    /// The same elements in memory of their own.
    fileprivate func copied() -> Tensor {
        let copy = Tensor(uninitialized: shape, precision: precision)
        copy.pointer.copyMemory(from: pointer, byteCount: count * precision.scalarBytes)
        return copy
    }
}
