import CKernels

/// Stacked cells and a dense layer, ready to be run one time step at a time: what generation spends its time in.
///
/// The weights are packed and all memory is taken once; a step is one call of the kernels, which divide the hidden
/// units among the threads. It gives what unrolling the cells over one step in single precision gives, as exactly as
/// the weights are kept.
public final class Stepper {
    /// Bytes that a step reads: the weights, a token's row of the first layer's, and the states.
    package let bytesPerStep: Int
    private let stages: StepStages
    private let embedding: (table: Tensor, vectors: StepRows)?
    private let vocabulary: Int
    private let tokens: UnsafeMutableBufferPointer<Int32>
    private let descriptions: UnsafeMutableBufferPointer<ck_stage>
    private let steps: UnsafeMutableBufferPointer<ck_step>
    private let scratch: Storage
    private let logits: Tensor
    private var isOdd = false

    /// Makes a stepper from the states that the cells are in; nil when a cell is not one of the built-in kinds,
    /// plain or in wrappers that do nothing outside training.
    /// - Parameters:
    ///   - embedding: The tokens' vectors, which the lowest layer reads; nil where its inputs are one-hot.
    ///   - cells: The layers, the lowest first.
    ///   - states: Their states, of one batch size.
    ///   - output: The layer from the last cell's outputs to the logits.
    ///   - weights: What the weights are kept as. Biases, and what tokens are looked up in, stay as they are.
    ///
    /// Cells whose sizes do not fit together are a mistake of the programmer and stop the program with both shapes.
    public init?(
        embedding: Embedding? = nil, cells: [AnyCell], states: [AnyCell.State], output: Dense,
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
        self.embedding = embedding.map { embedding in
            let table = embedding.table.detached().converted(to: .single)
            return (table, StepRows(batch: batch, width: table.shape[1]))
        }
        vocabulary = embedding?.table.shape[0] ?? first.inputSize
        var input =
            self.embedding.map { StepStages.Input.rows(StepStages.Flow($0.vectors)) }
            ?? .tokens(UnsafePointer(tokens.baseAddress.unsafelyUnwrapped))
        var top: StepStages.Flow?
        for (layer, state) in zip(layers, parts) {
            let flow = stages.add(layer, state: state, reading: input)
            input = .rows(flow)
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
        require(token >= 0 && token < vocabulary, "the token \(token) is not one of \(vocabulary)")
        tokens[place] = token
        if let (table, vectors) = embedding {
            table.withUnsafeValues { values in
                let width = vectors.width
                vectors.set(place, to: values[Int(token) * width..<(Int(token) + 1) * width])
            }
        }
    }

    /// The logits after the tokens that were put, which stay as they are until the next step.
    @usableFromInline
    func step(after count: Int) -> UnsafeBufferPointer<Float> {
        require(count == tokens.count, "\(count) tokens for a batch of \(tokens.count)")
        stepKernels.pointee.step(steps.baseAddress.unsafelyUnwrapped + (isOdd ? 1 : 0))
        isOdd.toggle()
        return logits.withUnsafeValues { $0 }
    }
}
