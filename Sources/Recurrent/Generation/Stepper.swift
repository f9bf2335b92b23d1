import CKernels

/// Stacked cells and a dense layer, ready to be run one time step at a time: for streams of numbers, and what generation
/// spends its time in.
///
///     let stepper = model.evaluate { network in
///         Stepper(
///             reading: .numbers, cells: [AnyCell(network.cell)], states: [AnyCell(network.cell).zeroState(batch: 1)],
///             output: network.output)
///     }
///     let forecast = stepper?.withOutputs(after: [temperature, pressure]) { $0[0] }
///
/// The weights are packed and all memory is taken once; a step is one call of the kernels, which divide the hidden
/// units among the threads. It gives what unrolling the cells over one step in single precision gives, as exactly as
/// the weights are kept. Between two steps its `state` can be kept, copied, stored and restored.
public final class Stepper {
    /// Bytes that a step reads: the weights, a token's row of the first layer's, and the states.
    package let bytesPerStep: Int
    private let stages: StepStages
    private let input: StepperInput
    /// What the lowest layer reads where that is not a one-hot vector.
    private let vectors: StepRows?
    /// The number of tokens, or of the numbers of a step.
    private let inputSize: Int
    private let tokens: UnsafeMutableBufferPointer<Int32>
    private let descriptions: UnsafeMutableBufferPointer<ck_stage>
    private let steps: UnsafeMutableBufferPointer<ck_step>
    private let scratch: Storage
    private let logits: Tensor
    private var isOdd = false

    /// Makes a stepper from the states that the cells are in; nil when a cell is not one of the built-in kinds,
    /// plain or in wrappers that do nothing outside training.
    /// - Parameters:
    ///   - input: What a step reads of every sequence.
    ///   - cells: The layers, the lowest first.
    ///   - states: Their states, of one batch size.
    ///   - output: The layer from the last cell's outputs to the logits.
    ///   - weights: What the weights are kept as. Biases, and what tokens are looked up in, stay as they are.
    ///
    /// Cells whose sizes do not fit together are a mistake of the programmer and stop the program with both shapes.
    public init?(
        reading input: StepperInput, cells: [AnyCell], states: [AnyCell.State], output: Dense,
        weights: WeightPrecision = .float32
    ) {
        require(cells.count == states.count, "\(states.count) states for \(cells.count) cells")
        let layers = cells.compactMap { fusedLayer(of: $0) }
        guard let first = layers.first, layers.count == cells.count else { return nil }
        let parts = states.map(\.tensors)
        let batch = parts[0][0].shape[0]
        let tokens = UnsafeMutableBufferPointer<Int32>.allocate(capacity: max(1, batch))
        tokens.initialize(repeating: 0)
        self.tokens = UnsafeMutableBufferPointer(rebasing: tokens[..<batch])
        var stages = StepStages(batch: batch, weights: weights)
        switch input {
        case .oneHotTokens: (self.input, inputSize, vectors) = (input, first.inputSize, nil)
        case .embeddedTokens(let embedding):
            let table = embedding.table.detached().converted(to: .single)
            (self.input, inputSize) = (.embeddedTokens(Embedding(table: table)), table.shape[0])
            vectors = StepRows(batch: batch, width: table.shape[1])
        case .numbers:
            (self.input, inputSize) = (input, first.inputSize)
            vectors = StepRows(batch: batch, width: inputSize)
        }
        var below =
            vectors.map { StepStages.Input.rows(StepStages.Flow($0)) }
            ?? .tokens(UnsafePointer(tokens.baseAddress.unsafelyUnwrapped))
        var top: StepStages.Flow?
        for (layer, state) in zip(layers, parts) {
            let flow = stages.add(layer, state: state, reading: below)
            below = .rows(flow)
            top = flow
        }
        logits = Tensor(uninitialized: [batch, output.weight.shape[1]], precision: .single)
        stages.add(output, reading: top.unsafelyUnwrapped, writing: logits)
        self.stages = stages
        bytesPerStep = stages.bytesPerStep
        let count = stages.even.count
        descriptions = .allocate(capacity: 2 * count)
        _ = descriptions.initialize(from: stages.even + stages.odd)
        steps = .allocate(capacity: 2)
        let threads = Int32(clamping: RecurrentKernels.threads)
        for odd in 0..<2 {
            steps.initializeElement(
                at: odd,
                to: ck_step(
                    stages: UnsafePointer(descriptions.baseAddress.unsafelyUnwrapped + odd * count),
                    count: Int32(count), batch: Int64(batch), parts: threads, scratch: nil))
        }
        let bytes = Int(stepKernels.pointee.scratch_bytes(steps.baseAddress))
        scratch = Storage(count: (bytes + 3) / 4, precision: .single)
        scratch.pointerForWriting.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        for odd in 0..<2 { steps[odd].scratch = scratch.pointerForWriting }
    }

    deinit {
        tokens.deallocate()
        descriptions.deallocate()
        steps.deallocate()
    }

    /// The number of sequences.
    public var batch: Int { stages.batch }

    /// What the layers remember: a value, which stays as it is while the stepper goes on.
    ///
    /// A stepper of the same network takes it up again with `restore(_:)`, in this process or another.
    public var state: StepperState { stages.state(isOdd: isOdd) }

    /// Goes on from a state.
    ///
    /// - Throws: `RecurrentError` where it is of other recurrent layers, of other weights of theirs, or of another number
    ///   of sequences.
    public func restore(_ state: StepperState) throws { try stages.restore(state, isOdd: isOdd) }

    /// Begins anew: all states are zero.
    public func reset() { stages.reset() }

    /// Checks numbers from outside, before they are read: a step with a wrong number of them stops the program, and the
    /// state of a sequence that has read NaN stays NaN.
    ///
    /// - Throws: `RecurrentError` where there are more or fewer than the step reads, or one is infinite or NaN.
    public func validate(_ numbers: some Collection<Float>) throws {
        guard numbers.count == batch * inputSize else {
            throw RecurrentError(
                "\(numbers.count) numbers for a step; expected \(inputSize) for each of \(batch) sequences")
        }
        for (place, number) in numbers.enumerated() where !number.isFinite {
            throw RecurrentError(
                "number \(place % inputSize) of sequence \(place / inputSize) is \(number); expected a finite one")
        }
    }

    /// Reads the numbers of a step, `[batch, inputs]` row by row, and calls `body` with the dense layer's outputs
    /// `[batch, outputs]`.
    @inlinable
    public func withOutputs<Result>(
        after read: some Collection<Float>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        var place = 0
        for number in read {
            put(number, at: place)
            place += 1
        }
        return try withExtendedLifetime(self) { try body(step(afterNumbers: place)) }
    }

    @usableFromInline
    func put(_ number: Float, at place: Int) {
        guard case .numbers = input, let vectors else { fatalError("a stepper that reads tokens was given numbers") }
        let (row, column) = place.quotientAndRemainder(dividingBy: inputSize)
        require(row < tokens.count, "more than \(inputSize) numbers for each of \(tokens.count) sequences")
        vectors.pointerForWriting[row * vectors.stride + column] = number
    }

    @usableFromInline
    func step(afterNumbers count: Int) -> UnsafeBufferPointer<Float> {
        require(
            count == tokens.count * inputSize, "\(count) numbers for a batch of \(tokens.count) times \(inputSize)")
        return step()
    }

    /// Reads one token of every sequence and calls `body` with the logits `[batch, vocabulary]` of the next.
    @inlinable
    public func withLogits<Result>(
        after read: some Collection<Int32>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        // Inlined since a step of a small network takes microseconds, where generic code is felt.
        var place = 0
        for token in read {
            put(token, at: place)
            place += 1
        }
        return try withExtendedLifetime(self) { try body(step(after: place)) }
    }

    @usableFromInline
    func put(_ token: Int32, at place: Int) {
        require(place < tokens.count, "more than \(tokens.count) tokens for a batch of as many")
        require(token >= 0 && token < inputSize, "the token \(token) is not one of \(inputSize)")
        switch input {
        case .oneHotTokens: tokens[place] = token
        case .embeddedTokens(let embedding):
            embedding.table.withUnsafeValues { values in
                guard let vectors else { return }
                let width = vectors.width
                vectors.set(place, to: values[Int(token) * width..<(Int(token) + 1) * width])
            }
        case .numbers: fatalError("a stepper that reads numbers was given tokens")
        }
    }

    /// The logits after the tokens that were put, which stay as they are until the next step.
    @usableFromInline
    func step(after count: Int) -> UnsafeBufferPointer<Float> {
        require(count == tokens.count, "\(count) tokens for a batch of \(tokens.count)")
        return step()
    }

    private func step() -> UnsafeBufferPointer<Float> {
        stepKernels.pointee.step(steps.baseAddress.unsafelyUnwrapped + (isOdd ? 1 : 0))
        isOdd.toggle()
        return logits.withUnsafeValues { $0 }
    }
}

/// What a step reads of every sequence.
public enum StepperInput: Sendable {
    /// A token, which the lowest layer reads as a one-hot vector.
    case oneHotTokens
    /// A token whose vector the lowest layer reads.
    case embeddedTokens(Embedding)
    /// Numbers, as many as the lowest layer has inputs.
    case numbers
}
