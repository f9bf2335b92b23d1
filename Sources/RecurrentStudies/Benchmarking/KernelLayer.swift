import CKernels
import Recurrent

/// One LSTM layer with its memory, called through the kernels' interface: as a whole, or a time step at a time.
final class KernelLayer {
    private let size: LayerSize
    private let kernels: ck_kernels
    private let inputs, outputs, states, cells, finals, gatesApart: KernelMemory
    private let weights, packs, gradients: [KernelMemory]
    private let saved: KernelMemory
    private let savedOfStep: Int
    private let savedCopy: KernelMemory
    private let packedInputMatrix, packedStateMatrix: KernelMemory

    init(_ size: LayerSize) {
        self.size = size
        guard let level = ck_level(RecurrentKernels.level) else { fatalError("no kernels of the level in use") }
        let kernels = level.pointee
        self.kernels = kernels
        var random = RandomSource(seed: 1, operation: 4)
        func numbers(_ count: Int, scale: Float = 1) -> KernelMemory {
            let storage = KernelMemory(count: count)
            let floats = storage.pointer.assumingMemoryBound(to: Float.self)
            for (place, value) in random.normal(count: count).enumerated() { floats[place] = value * scale }
            return storage
        }
        let (rows, hidden, width) = (size.steps * size.batch, size.hidden, 4 * size.hidden)
        inputs = numbers(rows * size.inputs)
        outputs = numbers(rows * hidden)
        states = numbers(size.batch * hidden)
        cells = numbers(size.batch * hidden)
        finals = numbers(2 * size.batch * hidden)
        gatesApart = numbers(4 * rows * hidden)
        let scale = 1 / Float(hidden).squareRoot()
        weights = [numbers(size.inputs * width, scale: scale), numbers(hidden * width, scale: scale), numbers(width)]
        gradients = [
            numbers(size.inputs * width), numbers(hidden * width), numbers(width), numbers(rows * size.inputs),
        ]
        packs = [CK_INPUT, CK_STATE, CK_INPUT_TRANSPOSED, CK_STATE_TRANSPOSED, CK_BIAS].map { form in
            let rows = form == CK_BIAS ? 1 : form == CK_INPUT || form == CK_INPUT_TRANSPOSED ? size.inputs : hidden
            return KernelMemory(
                count: Int(kernels.recurrent_packed_count(CK_LSTM, form, Int64(rows), Int64(hidden))))
        }
        func packed(_ depth: Int) -> KernelMemory {
            let matrix = numbers(depth * width, scale: scale)
            let packed = KernelMemory(
                count: Int(kernels.packed_count(Int64(depth), Int64(width))))
            kernels.pack_matrix(matrix.pointer, Int64(width), 1, Int64(depth), Int64(width), packed.pointer)
            return packed
        }
        packedInputMatrix = packed(size.inputs)
        packedStateMatrix = packed(hidden)
        var whole = ck_recurrent()
        (whole.cell, whole.steps, whole.batch) = (CK_LSTM, Int64(size.steps), Int64(size.batch))
        (whole.inputs, whole.hidden) = (Int64(size.inputs), Int64(hidden))
        let savedCount = Int(kernels.recurrent_saved_count(&whole))
        whole.steps = 1
        savedOfStep = Int(kernels.recurrent_saved_count(&whole))
        saved = KernelMemory(count: max(savedCount, savedOfStep * size.steps))
        savedCopy = KernelMemory(count: savedCount)
        pack(CK_INPUT, 0, of: 0)
        pack(CK_INPUT_TRANSPOSED, 2, of: 0)
        pack(CK_BIAS, 4, of: 2)
        packState()
    }

    private func pack(_ form: ck_weight_form, _ place: Int, of weight: Int) {
        let rows = [size.inputs, size.hidden, 1][weight]
        kernels.recurrent_pack(
            CK_LSTM, form, weights[weight].pointer, Int64(rows), Int64(size.hidden), 0, packs[place].pointer)
    }

    /// Packs the recurrent weights in both forms.
    func packState() {
        pack(CK_STATE, 1, of: 1)
        pack(CK_STATE_TRANSPOSED, 3, of: 1)
    }

    private func description(from begin: Int, steps: Int, division: ck_division) -> ck_recurrent {
        var layer = ck_recurrent()
        (layer.cell, layer.division) = (CK_LSTM, division)
        (layer.steps, layer.batch) = (Int64(steps), Int64(size.batch))
        (layer.inputs, layer.hidden) = (Int64(size.inputs), Int64(size.hidden))
        layer.x = UnsafeRawPointer(inputs.pointer(at: begin * size.batch * size.inputs))
        layer.input_weight = UnsafeRawPointer(packs[0].pointer)
        layer.state_weight = UnsafeRawPointer(packs[1].pointer)
        layer.bias = UnsafeRawPointer(packs[4].pointer)
        layer.initial_hidden = UnsafeRawPointer(states.pointer)
        layer.initial_cell = UnsafeRawPointer(cells.pointer)
        layer.outputs = outputs.pointer(at: begin * size.batch * size.hidden)
        layer.final_hidden = finals.pointer
        layer.final_cell = finals.pointer(at: size.batch * size.hidden)
        layer.saved = steps == 1 ? saved.pointer(at: begin * savedOfStep) : saved.pointer
        return layer
    }

    /// All time steps, so many in a call: the whole sequence, or 1.
    func forward(steps: Int, division: ck_division = CK_DIVIDED_BY_SIZE) {
        for begin in stride(from: 0, to: size.steps, by: steps) {
            var layer = description(from: begin, steps: steps, division: division)
            kernels.recurrent_forward(&layer)
        }
    }

    /// The gradients of the weights and the inputs, the same number of steps in a call.
    func backward(steps: Int, division: ck_division = CK_DIVIDED_BY_SIZE) {
        for begin in stride(from: 0, to: size.steps, by: steps).reversed() {
            var layer = description(from: begin, steps: steps, division: division)
            var wanted = ck_recurrent_gradients()
            wanted.input_weight_transposed = UnsafeRawPointer(packs[2].pointer)
            wanted.state_weight_transposed = UnsafeRawPointer(packs[3].pointer)
            wanted.outputs = UnsafeRawPointer(layer.outputs)
            wanted.x = gradients[3].pointer(at: begin * size.batch * size.inputs)
            wanted.initial_hidden = finals.pointer
            wanted.initial_cell = finals.pointer(at: size.batch * size.hidden)
            wanted.input_weight = gradients[0].pointer
            wanted.recurrent_weight = gradients[1].pointer
            wanted.bias = gradients[2].pointer
            if begin + steps < size.steps {
                wanted.accumulate_input_weight = 1
                wanted.accumulate_recurrent_weight = 1
                wanted.accumulate_bias = 1
            }
            kernels.recurrent_backward(&layer, &wanted)
        }
    }

    /// The product of all inputs with the input weights, alone.
    func projectInputs() {
        multiply(inputs, rows: size.steps * size.batch, depth: size.inputs, packedInputMatrix, accumulate: false)
    }

    /// One time step as a product and an operation for each part of the formula.
    func stepWithGatesApart() {
        let count = Int64(size.batch * size.hidden)
        multiply(states, rows: size.batch, depth: size.hidden, packedStateMatrix, accumulate: true)
        func gate(_ index: Int) -> UnsafeMutableRawPointer { gatesApart.pointer(at: index * Int(count)) }
        for (index, activation) in [CK_SIGMOID, CK_SIGMOID, CK_TANH, CK_SIGMOID].enumerated() {
            kernels.unary(activation, gate(index), gate(index), count)
        }
        func combine(_ operation: ck_binary, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer) {
            var (one, extent): (Int64, Int64) = (1, count)
            kernels.binary(operation, a, &one, b, &one, a, &extent, 1)
        }
        let cell = finals.pointer
        combine(CK_MULTIPLY, gate(0), gate(2))
        combine(CK_MULTIPLY, cell, gate(1))
        combine(CK_ADD, cell, gate(0))
        kernels.unary(CK_TANH, cell, gate(2), count)
        combine(CK_MULTIPLY, gate(2), gate(3))
    }

    private func multiply(_ a: KernelMemory, rows: Int, depth: Int, _ packed: KernelMemory, accumulate: Bool) {
        let width = 4 * size.hidden
        var product = ck_product(
            rows: Int64(rows), columns: Int64(width), depth: Int64(depth), a: a.pointer, a_stride: Int64(depth),
            transposed_a: 0, b: packed.pointer, bias: nil, c: gatesApart.pointer, c_stride: Int64(width),
            accumulate: accumulate ? 1 : 0)
        kernels.product(&product)
    }

    /// Copies what the backward pass would overwrite.
    func copyGates() {
        var (one, count): (Int64, Int64) = (1, Int64(savedCopy.count))
        kernels.copy_strided(saved.pointer, &one, savedCopy.pointer, &count, 1)
    }
}
