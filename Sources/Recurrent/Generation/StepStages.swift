import CKernels

/// The stages of one time step of a network, with their packed weights.
///
/// A stage may not write what another thread still reads. States are therefore kept twice: even steps read the first
/// and write the second, odd steps the other way round, and every stage has a description for either.
struct StepStages {
    /// What a stage reads or writes, in even steps and in odd ones.
    struct Flow {
        var even: StepRows
        var odd: StepRows

        init(_ rows: StepRows) { (even, odd) = (rows, rows) }
        init(even: StepRows, odd: StepRows) { (self.even, self.odd) = (even, odd) }
        var swapped: Flow { Flow(even: odd, odd: even) }
    }

    /// What a stage reads: token ids, or rows.
    enum Input {
        case tokens(UnsafePointer<Int32>)
        case rows(Flow)
    }

    /// What a stage's weights are packed from.
    private struct Matrices {
        var input: Tensor?
        var recurrent: Tensor?
        var bias: Tensor?
        var recurrentBias: Tensor?
        var forgetBias: Float = 0
    }

    let batch: Int
    let weights: WeightPrecision
    private(set) var even: [ck_stage] = []
    private(set) var odd: [ck_stage] = []
    /// The bytes that a step reads: packed weights, rows of tokens and states.
    private(set) var bytesPerStep = 0
    /// Where the recurrent layers' states stand, the lowest layer's first.
    private var states: [StepLayerState] = []
    /// What identifies the recurrent layers: their shapes, and some of their weights.
    private var fingerprint = Fingerprint()
    // What the descriptions point to.
    private var packs: [Storage] = []
    private var tensors: [Tensor] = []
    private var rows: [StepRows] = []

    init(batch: Int, weights: WeightPrecision) {
        self.batch = batch
        self.weights = weights
    }

    /// Adds a recurrent layer in the state given, and says where its new hidden state will stand.
    mutating func add(_ layer: FusedLayer, state: [Tensor], reading input: Input) -> Flow {
        let hidden = state[layer.isLSTM ? 1 : 0]
        require(
            hidden.shape == [batch, layer.stateWidth]
                && (!layer.isLSTM || state[0].shape == [batch, layer.hiddenSize]),
            "a state of the shapes \(state.map(\.shape)) for a cell of \(layer.hiddenSize) hidden units")
        let before = Flow(even: makeRows(hidden), odd: makeRows(layer.stateWidth))
        let matrices = Matrices(
            input: layer.inputWeight, recurrent: layer.recurrentWeight, bias: layer.bias,
            recurrentBias: layer.recurrentBias, forgetBias: layer.forgetBias)
        layer.identify(in: &fingerprint)
        let cell = layer.isLSTM ? makeRows(state[0]) : nil
        states.append(StepLayerState(hidden: before, cell: cell))
        switch layer.kind {
        case CK_LSTM:
            let cell = cell.unsafelyUnwrapped
            let peepholes = layer.peepholes.map { keep($0) }
            let whole = layer.projection == nil ? before.swapped : Flow(makeRows(layer.hiddenSize))
            add(CK_STAGE_LSTM, layer.hiddenSize, matrices, from: input, before, to: whole) { stage in
                stage.cell = cell.pointerForWriting
                stage.unit_stride = Int64(cell.stride)
                stage.cell_clip = Double(layer.cellClip ?? 0)
                stage.peepholes = peepholes
            }
            if let projection = layer.projection {
                add(
                    CK_STAGE_DENSE, layer.stateWidth, Matrices(input: projection), from: .rows(whole),
                    to: before.swapped)
            }
        case CK_GRU_RESET_BEFORE:
            let reset = Flow(makeRows(layer.hiddenSize))
            let (candidates, updates) = (makeRows(layer.hiddenSize), makeRows(layer.hiddenSize))
            let share = { (stage: inout ck_stage) in
                stage.candidates = candidates.pointerForWriting
                stage.updates = updates.pointerForWriting
            }
            add(CK_STAGE_GRU_GATES, layer.hiddenSize, matrices, from: input, before, to: reset, share)
            add(
                CK_STAGE_GRU_CANDIDATE, layer.hiddenSize, Matrices(input: layer.recurrentWeight), from: .rows(reset),
                hidden: before, to: before.swapped, share)
        default:
            let kinds: [ck_cell.RawValue: ck_stage_kind] = [
                CK_GRU_RESET_AFTER.rawValue: CK_STAGE_GRU, CK_BASIC_RELU.rawValue: CK_STAGE_RELU,
            ]
            add(
                kinds[layer.kind.rawValue] ?? CK_STAGE_TANH, layer.hiddenSize, matrices, from: input, before,
                to: before.swapped)
        }
        return before.swapped
    }

    /// Adds a dense layer, whose results are stored without padding.
    mutating func add(_ layer: Dense, reading input: Flow, writing logits: Tensor) {
        let columns = layer.weight.shape[1]
        add(
            CK_STAGE_DENSE, columns, Matrices(input: layer.weight, bias: layer.bias), from: .rows(input),
            to: input
        ) { stage in
            stage.outputs = logits.pointerForWriting.assumingMemoryBound(to: Float.self)
            stage.output_stride = Int64(columns)
        }
        tensors.append(logits)
    }

    /// The states before the next step.
    func state(isOdd: Bool) -> StepperState {
        StepperState(
            batch: batch,
            parts: states.flatMap {
                $0.rows(isOdd: isOdd).map { StepperState.Part(width: $0.width, values: $0.values(batch: batch)) }
            },
            fingerprint: fingerprint.text)
    }

    /// Replaces the states before the next step.
    func restore(_ state: StepperState, isOdd: Bool) throws {
        let rows = states.flatMap { $0.rows(isOdd: isOdd) }
        guard state.fingerprint == fingerprint.text, state.parts.map(\.width) == rows.map(\.width) else {
            throw RecurrentError("the state is of another network; expected one of a stepper of the same weights")
        }
        guard state.batch == batch else {
            throw RecurrentError("the state is of \(state.batch) sequences; expected \(batch)")
        }
        for (part, rows) in zip(state.parts, rows) {
            part.values.withUnsafeBufferPointer { values in
                for row in 0..<batch { rows.set(row, to: values[row * part.width..<(row + 1) * part.width]) }
            }
        }
    }

    /// Makes all states zero.
    func reset() {
        for layer in states {
            for rows in [layer.hidden.even, layer.hidden.odd] + (layer.cell.map { [$0] } ?? []) { rows.fillWithZeros() }
        }
    }

    private mutating func add(
        _ kind: ck_stage_kind, _ units: Int, _ matrices: Matrices, from input: Input, _ state: Flow? = nil,
        hidden: Flow? = nil, to output: Flow, _ complete: (inout ck_stage) -> Void = { _ in }
    ) {
        var stage = ck_stage()
        stage.kind = kind
        stage.type = weights.kernelType
        stage.units = Int64(units)
        var matrices = matrices
        switch input {
        case .tokens(let tokens):
            stage.tokens = tokens
            stage.token_rows = matrices.input.map { keep($0) }
            bytesPerStep += batch * (matrices.input?.shape[1] ?? 0) * 4
            matrices.input = nil
        case .rows(let flow):
            let depth = matrices.input?.shape[0] ?? 0
            require(depth == flow.even.width, "outputs of width \(flow.even.width) for a weight of \(depth) rows")
            stage.inputs = Int64(depth)
            stage.input_stride = Int64(flow.even.stride)
            bytesPerStep += batch * depth * 4
        }
        if let state {
            stage.state = Int64(state.even.width)
            stage.state_stride = Int64(state.even.stride)
            bytesPerStep += batch * state.even.width * 4
        }
        // The LSTM's cell state is read unit by unit.
        if stage.kind == CK_STAGE_LSTM { bytesPerStep += batch * Int(stage.units) * 4 }
        if let hidden = hidden ?? state { stage.unit_stride = Int64(hidden.even.stride) }
        stage.output_stride = Int64(output.even.stride)
        pack(&stage, matrices)
        func description(_ side: KeyPath<Flow, StepRows>) -> ck_stage {
            var stage = stage
            if case .rows(let flow) = input { stage.input_rows = flow[keyPath: side].pointer }
            stage.state_rows = state?[keyPath: side].pointer
            stage.hidden_rows = (hidden ?? state)?[keyPath: side].pointer
            stage.outputs = output[keyPath: side].pointerForWriting
            complete(&stage)
            return stage
        }
        even.append(description(\.even))
        odd.append(description(\.odd))
    }

    private mutating func pack(_ stage: inout ck_stage, _ matrices: Matrices) {
        let most = 131_072
        require(
            weights != .int8 || max(stage.inputs, stage.state) <= most,
            "int8 weights of \(max(stage.inputs, stage.state)) rows, of which sums in 32 bits allow \(most)")
        let bytes = Int(stepKernels.pointee.stage_bytes(&stage))
        let packed = Storage(count: (bytes + 3) / 4, precision: .single)
        let given = [matrices.input, matrices.recurrent, matrices.bias, matrices.recurrentBias].map {
            $0?.detached().converted(to: .single)
        }
        func floats(_ place: Int) -> UnsafePointer<Float>? {
            given[place]?.pointer.assumingMemoryBound(to: Float.self)
        }
        withExtendedLifetime(given) {
            var weights = ck_stage_weights(
                input_weight: floats(0), recurrent_weight: floats(1), bias: floats(2), recurrent_bias: floats(3),
                forget_bias: Double(matrices.forgetBias))
            stepKernels.pointee.pack_stage(&stage, &weights, packed.pointerForWriting)
        }
        stage.weights = packed.pointer
        bytesPerStep += bytes
        packs.append(packed)
    }

    private mutating func makeRows(_ width: Int) -> StepRows {
        rows.append(StepRows(batch: batch, width: width))
        return rows[rows.count - 1]
    }

    private mutating func makeRows(_ matrix: Tensor) -> StepRows {
        rows.append(StepRows(matrix))
        return rows[rows.count - 1]
    }

    private mutating func keep(_ tensor: Tensor) -> UnsafePointer<Float> {
        let kept = tensor.detached().converted(to: .single)
        tensors.append(kept)
        return kept.pointer.assumingMemoryBound(to: Float.self)
    }
}

/// Where a recurrent layer's state stands.
struct StepLayerState: Sendable {
    let hidden: StepStages.Flow
    let cell: StepRows?

    /// What the next step reads: an LSTM's cell state and hidden state, of others the hidden state.
    func rows(isOdd: Bool) -> [StepRows] { (cell.map { [$0] } ?? []) + [isOdd ? hidden.odd : hidden.even] }
}

extension FusedLayer {
    /// Feeds the kind, the shapes, and some of the values of every weight, evenly spread.
    func identify(in fingerprint: inout Fingerprint) {
        let most = 1024
        fingerprint.update(numbers: [kind.rawValue])
        for case let weight? in [inputWeight, recurrentWeight, bias, recurrentBias, peepholes, projection] {
            fingerprint.update(numbers: weight.shape.map { UInt32(truncatingIfNeeded: $0) })
            let stride = (weight.count + most - 1) / most
            weight.detached().converted(to: .single).withUnsafeValues { values in
                fingerprint.update(
                    numbers: Swift.stride(from: 0, to: weight.count, by: max(1, stride)).map { values[$0].bitPattern })
            }
        }
    }
}
