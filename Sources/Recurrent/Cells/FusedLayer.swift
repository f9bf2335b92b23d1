import CKernels
import Synchronization

/// A cell whose steps are a kernel's.
protocol FusedCell {
    var fused: FusedLayer { get }
}

/// A cell around another.
protocol CellWrapper {
    /// The inner cell where the wrapper does nothing beside it, as dropout outside training; otherwise nil.
    var cellAlone: (any RecurrentCell)? { get }
}

/// The kernel's layer that a cell comes down to, through wrappers that do nothing; nil where there is none.
func fusedLayer(of cell: any RecurrentCell) -> FusedLayer? {
    if let fused = cell as? any FusedCell { return fused.fused }
    return (cell as? any CellWrapper)?.cellAlone.flatMap(fusedLayer)
}

/// A recurrent layer unrolled as one operation: what the built-in cells' `unroll` is made of.
struct FusedLayer: Sendable {
    var kind: ck_cell
    var hiddenSize: Int
    /// Nil where the inputs are what they give the gates, `[time, batch, gates * hidden]`.
    var inputWeight: Tensor?
    var recurrentWeight: Tensor
    var bias: Tensor?
    var recurrentBias: Tensor?
    var peepholes: Tensor?
    var projection: Tensor?
    /// What normalised rows are multiplied by, and what is added then: see `ck_recurrent`.
    var gain: Tensor?
    var shift: Tensor?
    /// Added to the variance of normalised rows.
    var epsilon: Float = 0
    var forgetBias: Float = 0
    var cellClip: Float?
    var gradientClip: Float?

    var inputSize: Int { inputWeight?.shape[0] ?? recurrentWeight.shape[1] }
    var stateWidth: Int { projection?.shape[1] ?? hiddenSize }
    var isLSTM: Bool { options.isLSTM }
    var options: FusedOptions {
        FusedOptions(
            kind: kind, hiddenSize: hiddenSize, inputSize: inputSize, epsilon: epsilon, forgetBias: forgetBias,
            cellClip: cellClip, gradientClip: gradientClip)
    }

    /// Stops the program where inputs of a shape `[time, batch, features]`, or states, do not fit the layer.
    func check(inputs: [Int], hidden initialHidden: Tensor?, cell initialCell: Tensor?) {
        require(
            inputs[2] == inputSize,
            "inputs of shape \(inputs) for a cell with an input size of \(inputSize)")
        for (name, state, width) in [("hidden", initialHidden, stateWidth), ("cell", initialCell, hiddenSize)] {
            if let state {
                require(
                    state.shape == [inputs[1], width],
                    "an initial \(name) state of shape \(state.shape) where [\(inputs[1]), \(width)] is expected")
            }
        }
    }

    /// Stops the program where an input `[batch, features]` of one step, or states, do not fit the layer.
    func checkStep(_ input: Tensor, hidden: Tensor, cell: Tensor? = nil) {
        require(input.rank == 2, "an input of shape \(input.shape) where [batch, \(inputSize)] is expected")
        check(inputs: [1] + input.shape, hidden: hidden, cell: cell)
    }

    /// All tensors that the layer computes from, in the order of `FusedRun.Place`.
    func tensors(_ inputs: Tensor?, hidden initialHidden: Tensor?, cell initialCell: Tensor?) -> [Tensor?] {
        FusedRun.Place.allCases.map { place in
            switch place {
            case .x: inputs
            case .hidden: initialHidden
            case .cell: initialCell
            case .inputWeight: inputWeight
            case .recurrentWeight: recurrentWeight
            case .bias: bias
            case .recurrentBias: recurrentBias
            case .peepholes: peepholes
            case .projection: projection
            case .gain: gain
            case .shift: shift
            }
        }
    }

    /// Outputs `[time, batch, state]`, the final hidden state, and the LSTM's final cell state.
    func unroll(
        _ inputs: Tensor, hidden initialHidden: Tensor?, cell initialCell: Tensor?, lengths: [Int]?,
        direction: Direction
    ) -> (outputs: Tensor, hidden: Tensor, cell: Tensor?) {
        checkSequence(inputs, lengths: lengths)
        let (time, batch) = (inputs.shape[0], inputs.shape[1])
        check(inputs: inputs.shape, hidden: initialHidden, cell: initialCell)
        let tensors = tensors(inputs, hidden: initialHidden, cell: initialCell)
        let precision: Precision = tensors.contains { $0?.precision == .double } ? .double : .single
        let converted = tensors.map { $0?.converted(to: precision) }
        let run = FusedRun(
            options: options, tensors: converted.map { $0?.detached() }, time: time, batch: batch,
            lengths: lengths?.map(Int32.init), reversed: direction == .reversed, precision: precision)
        let outputs = Tensor(uninitialized: [time, batch, stateWidth], precision: precision)
        let finalHidden = Tensor(uninitialized: [batch, stateWidth], precision: precision)
        let finalCell = isLSTM ? Tensor(uninitialized: [batch, hiddenSize], precision: precision) : nil
        let links = converted.map { $0?.link }
        let packs = run.packs()
        guard links.contains(where: { $0 != nil }) else {
            run.infer(packs, outputs: outputs, finalHidden: finalHidden, finalCell: finalCell)
            return (outputs, finalHidden, finalCell)
        }
        let saved = run.forward(packs, outputs: outputs, finalHidden: finalHidden, finalCell: finalCell)
        let record = FusedRecord(run: run, packs: packs, outputs: outputs, saved: saved)
        let node = Node(inputs: links, outputs: isLSTM ? 3 : 2) { flow in record.pullBack(&flow) }
        return (
            outputs.linked(to: node, output: 0), finalHidden.linked(to: node, output: 1),
            finalCell?.linked(to: node, output: 2)
        )
    }
}

/// What a layer is beside its tensors. A pull-back keeps this rather than the layer, whose tensors may be tracked.
struct FusedOptions: Sendable {
    let kind: ck_cell
    let hiddenSize: Int
    let inputSize: Int
    let epsilon: Float
    let forgetBias: Float
    let cellClip: Float?
    let gradientClip: Float?

    var isLSTM: Bool { kind == CK_LSTM || kind == CK_LSTM_NORMALIZED }
}

/// One call of the kernels: the layer's tensors, detached, in the order of the node's inputs.
struct FusedRun: Sendable {
    enum Place: Int, CaseIterable {
        case x, hidden, cell, inputWeight, recurrentWeight, bias, recurrentBias, peepholes, projection, gain, shift

        static let states: [Place] = [.hidden, .cell]
        static let weights: [Place] = [
            .inputWeight, .recurrentWeight, .bias, .recurrentBias, .peepholes, .projection, .gain, .shift,
        ]
    }

    let options: FusedOptions
    let tensors: [Tensor?]
    let time: Int
    let batch: Int
    let lengths: [Int32]?
    let reversed: Bool
    let precision: Precision

    func tensor(_ place: Place) -> Tensor? { tensors[place.rawValue] }

    var kernels: ck_kernels { _read { yield precision.kernels.pointee } }

    func packed(_ place: Place, _ form: ck_weight_form) -> Storage? {
        guard let weight = tensor(place) else { return nil }
        let rows = weight.rank == 2 ? weight.shape[0] : 1
        let key = Storage.PackKey(
            offset: weight.offset, rows: rows, columns: options.hiddenSize,
            form: .recurrent(
                cell: options.kind.rawValue, form: form.rawValue, forgetBias: Double(options.forgetBias)))
        let count = kernels.recurrent_packed_count(options.kind, form, Int64(rows), Int64(options.hiddenSize))
        return weight.storage.pack(key, count: Int(count)) { memory in
            kernels.recurrent_pack(
                options.kind, form, weight.pointer, Int64(rows), Int64(options.hiddenSize), Double(options.forgetBias),
                memory)
        }
    }

    func packedProjection(transposed: Bool) -> Storage? {
        guard let projection = tensor(.projection) else { return nil }
        let (hidden, projected) = (projection.shape[0], projection.shape[1])
        return transposed
            ? projection.packed(depth: projected, columns: hidden, transposed: true)
            : projection.packed(depth: hidden, columns: projected, transposed: false)
    }

    /// The packed weights that a description points to.
    struct Packs: Sendable {
        let input, state, bias, projection: Storage?
    }

    func packs() -> Packs {
        Packs(
            input: packed(.inputWeight, CK_INPUT), state: packed(.recurrentWeight, CK_STATE),
            bias: packed(.bias, CK_BIAS), projection: packedProjection(transposed: false))
    }

    func transposedPacks() -> (input: Storage?, state: Storage?, projection: Storage?) {
        (
            packed(.inputWeight, CK_INPUT_TRANSPOSED), packed(.recurrentWeight, CK_STATE_TRANSPOSED),
            packedProjection(transposed: true)
        )
    }

    /// The kernels' description of the layer, all but its outputs. It is good for as long as everything it points to is
    /// kept alive.
    func description(
        _ packs: Packs, finalHidden: Tensor, finalCell: Tensor?, lengths: UnsafePointer<Int32>?,
        tokens: UnsafePointer<Int32>?
    ) -> ck_recurrent {
        var description = ck_recurrent()
        description.cell = options.kind
        description.reversed = reversed ? 1 : 0
        description.steps = Int64(time)
        description.batch = Int64(batch)
        description.inputs = Int64(options.inputSize)
        description.hidden = Int64(options.hiddenSize)
        description.projected = Int64(tensor(.projection)?.shape[1] ?? 0)
        description.forget_bias = Double(options.forgetBias)
        description.cell_clip = Double(options.cellClip ?? 0)
        description.gradient_clip = Double(options.gradientClip ?? 0)
        description.lengths = lengths
        description.tokens = tokens
        description.x = tokens == nil ? tensor(.x)?.pointer : nil
        description.input_weight = packs.input?.pointer
        description.state_weight = packs.state?.pointer
        description.bias = packs.bias?.pointer
        description.recurrent_bias = tensor(.recurrentBias)?.pointer
        description.peepholes = tensor(.peepholes)?.pointer
        description.projection = packs.projection?.pointer
        description.gain = tensor(.gain)?.pointer
        description.shift = tensor(.shift)?.pointer
        description.epsilon = Double(options.epsilon)
        description.initial_hidden = tensor(.hidden)?.pointer
        description.initial_cell = tensor(.cell)?.pointer
        description.final_hidden = finalHidden.pointerForWriting
        description.final_cell = finalCell?.pointerForWriting
        return description
    }

    /// Calls `body` with the kernels' description of the layer, in which the outputs are still to be set.
    func withDescription<Result>(
        _ packs: Packs, finalHidden: Tensor, finalCell: Tensor?, _ body: (inout ck_recurrent) -> Result
    ) -> Result {
        withExtendedLifetime(packs) {
            optional(lengths) { lengths in
                optional(tensor(.x)?.oneHot) { tokens in
                    var description = description(
                        packs, finalHidden: finalHidden, finalCell: finalCell, lengths: lengths, tokens: tokens)
                    return body(&description)
                }
            }
        }
    }

    func optional<Result>(_ values: [Int32]?, _ body: (UnsafePointer<Int32>?) -> Result) -> Result {
        values.map { $0.withUnsafeBufferPointer { body($0.baseAddress) } } ?? body(nil)
    }

    func forward(_ packs: Packs, outputs: Tensor, finalHidden: Tensor, finalCell: Tensor?) -> Storage {
        withDescription(packs, finalHidden: finalHidden, finalCell: finalCell) { description in
            description.outputs = outputs.pointerForWriting
            let saved = Storage(
                count: Int(kernels.recurrent_saved_count(&description)), precision: precision)
            description.saved = saved.pointerForWriting
            kernels.recurrent_forward(&description)
            return saved
        }
    }

    /// - Parameters:
    ///   - saved: What the forward pass gave; its gates become their gradients.
    ///   - above: The gradients of outputs, final hidden state and final cell state; nil where nothing depends on them.
    func backward(
        _ packs: Packs, saved: Storage, outputs: Tensor, above: [Tensor?], into gradients: FusedGradients
    ) {
        let finalHidden = Tensor(uninitialized: [batch, outputs.shape[2]], precision: precision)
        let finalCell = Tensor(uninitialized: [batch, options.hiddenSize], precision: precision)
        let transposed = transposedPacks()
        var wanted = gradients.wanted
        wanted.input_weight_transposed = transposed.input?.pointer
        wanted.state_weight_transposed = transposed.state?.pointer
        wanted.projection_transposed = transposed.projection?.pointer
        wanted.outputs = above[0]?.pointer
        wanted.final_hidden = above[1]?.pointer
        if above.count > 2 { wanted.final_cell = above[2]?.pointer }
        withDescription(packs, finalHidden: finalHidden, finalCell: options.isLSTM ? finalCell : nil) {
            description in
            // Backward kernels only read the outputs.
            description.outputs = UnsafeMutableRawPointer(mutating: outputs.pointer)
            description.saved = saved.pointerForWriting
            kernels.recurrent_backward(&description, &wanted)
        }
        withExtendedLifetime((saved, transposed, above)) {}
    }
}

/// Where a backward pass writes. Sendable although it holds pointers: each pass, on whatever thread, has its own
/// memory.
struct FusedGradients: @unchecked Sendable {
    private(set) var wanted = ck_recurrent_gradients()

    /// Takes the memory of a tensor's gradient. Those of initial states are stored there, others added where asked for.
    mutating func set(_ place: FusedRun.Place, _ memory: UnsafeMutableRawPointer, adds: Bool) {
        let flag: Int32 = adds ? 1 : 0
        switch place {
        case .x: (wanted.x, wanted.accumulate_x) = (memory, flag)
        case .hidden: wanted.initial_hidden = memory
        case .cell: wanted.initial_cell = memory
        case .inputWeight: (wanted.input_weight, wanted.accumulate_input_weight) = (memory, flag)
        case .recurrentWeight: (wanted.recurrent_weight, wanted.accumulate_recurrent_weight) = (memory, flag)
        case .bias: (wanted.bias, wanted.accumulate_bias) = (memory, flag)
        case .recurrentBias: (wanted.recurrent_bias, wanted.accumulate_recurrent_bias) = (memory, flag)
        case .peepholes: (wanted.peepholes, wanted.accumulate_peepholes) = (memory, flag)
        case .projection: (wanted.projection, wanted.accumulate_projection) = (memory, flag)
        case .gain: (wanted.gain, wanted.accumulate_gain) = (memory, flag)
        case .shift: (wanted.shift, wanted.accumulate_shift) = (memory, flag)
        }
    }
}

/// What a fused layer's node keeps. The backward kernel turns the saved gates into their gradients, so a second walk
/// back over the same graph computes them again first.
private final class FusedRecord: Sendable {
    private let run: FusedRun
    private let packs: FusedRun.Packs
    private let outputs: Tensor
    private let saved: Mutex<Storage?>

    init(run: FusedRun, packs: FusedRun.Packs, outputs: Tensor, saved: Storage) {
        self.run = run
        self.packs = packs
        self.outputs = outputs
        self.saved = Mutex(saved)
    }

    private func takeSaved() -> Storage {
        let kept = saved.withLock { saved in
            defer { saved = nil }
            return saved
        }
        if let kept { return kept }
        let again = { (shape: [Int]) in Tensor(uninitialized: shape, precision: self.run.precision) }
        return run.forward(
            packs, outputs: again(outputs.shape), finalHidden: again([run.batch, outputs.shape[2]]),
            finalCell: run.options.isLSTM ? again([run.batch, run.options.hiddenSize]) : nil)
    }

    func pullBack(_ flow: inout GradientFlow) {
        var gradients = FusedGradients()
        // Memory for every wanted gradient is taken first, so that one call of the kernel fills all of it.
        for place in [.x] + FusedRun.Place.weights where flow.wants(place.rawValue) {
            guard let tensor = run.tensor(place) else { continue }
            flow.accumulate(into: place.rawValue, shape: tensor.shape, precision: run.precision) { memory, adds in
                gradients.set(place, memory, adds: adds)
            }
        }
        // The kernel only stores these two: they are added to what else flows to the state afterwards.
        var states: [(place: FusedRun.Place, gradient: Tensor)] = []
        for place in FusedRun.Place.states where flow.wants(place.rawValue) {
            guard let state = run.tensor(place) else { continue }
            let gradient = Tensor(uninitialized: state.shape, precision: run.precision)
            gradients.set(place, gradient.pointerForWriting, adds: false)
            states.append((place, gradient))
        }
        run.backward(packs, saved: takeSaved(), outputs: outputs, above: flow.outputs, into: gradients)
        for (place, gradient) in states { flow.add(gradient, to: place.rawValue) }
    }
}
