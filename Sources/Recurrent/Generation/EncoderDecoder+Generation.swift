extension EncoderDecoder {
    /// What the decoder carries from token to token.
    enum State: RecurrentState {
        /// The layers' states.
        case plain(StackedCells<DroppedOut<AnyCell>>.State)
        /// The layers' states and what was seen last, which the next step reads.
        case attending(AttentionCell<StackedCells<DroppedOut<AnyCell>>>.State)

        /// The combination of two states of one decoder.
        func combined(with other: State, _ combine: (Tensor, Tensor) -> Tensor) -> State {
            switch (self, other) {
            case (.plain(let own), .plain(let others)): .plain(own.combined(with: others, combine))
            case (.attending(let own), .attending(let others)): .attending(own.combined(with: others, combine))
            default: fatalError("states of decoders with and without a context that is fed")
            }
        }

        /// The state with its hidden parts replaced.
        func mapHidden(_ transform: (Tensor) -> Tensor) -> State {
            switch self {
            case .plain(let state): .plain(state.mapHidden(transform))
            case .attending(let state): .attending(state.mapHidden(transform))
            }
        }
    }

    /// The state before the first token.
    func initialState(_ encoded: EncodedSource) -> State {
        guard let memory = encoded.memory, configuration.feedsContext else { return .plain(encoded.state) }
        return .attending(AttentionCell(decoder, memory: memory).state(from: encoded.state))
    }

    /// Reads one token of every row, `[rows]`, and says what comes next.
    /// - Parameters:
    ///   - memory: What attention looks at, with as many sequences as there are rows; nil without attention.
    func step(_ tokens: IntegerTensor, state: State, memory: AttentionMemory?) -> DecodingStep<State> {
        let inputs = targetTokens(tokens)
        let (seen, next, weights): (Tensor, State, Tensor?)
        switch state {
        case .attending(let state):
            guard let memory else { fatalError("a decoder with attention needs a memory") }
            let result = AttentionCell(decoder, memory: memory).step(inputs, state: state)
            (seen, next, weights) = (result.output, .attending(result.state), result.state.weights)
        case .plain(let state):
            let result = decoder.unroll(inputs.reshaped([1] + inputs.shape), from: state)
            let hidden = result.outputs.reshaped(Array(result.outputs.shape.dropFirst()))
            let attended = memory.map { $0(hidden) }
            seen = attended.map { .concatenated([hidden, $0.context], axis: 1) } ?? hidden
            (next, weights) = (.plain(result.state), attended?.weights)
        }
        return DecodingStep(
            logProbabilities: output(combined(seen)).logSoftmax(), state: next, attention: weights)
    }

    /// What the network writes of sources, the most likely token after each that was written before.
    ///
    /// Attention weights have a number for each token of the source.
    /// - Throws: `RecurrentError` where the maximum length is negative, or the weights are no numbers.
    public func greedy(_ source: PaddedBatch, maximumLength: Int) throws -> [Hypothesis] {
        let search = try GreedySearch(maximumLength: maximumLength)
        guard !source.lengths.isEmpty else { return [] }
        let encoded = encode(source)
        let written = try search(from: initialState(encoded), rows: source.lengths.count) { tokens, state in
            step(tokens, state: state, memory: encoded.memory)
        }
        return zip(written, source.lengths).map { $0.attending(to: $1) }
    }

    /// What a beam search finds that the network could write of every source, the best first.
    ///
    /// Attention weights have a number for each token of the source.
    /// - Throws: `RecurrentError` where the weights are no numbers.
    public func beam(_ source: PaddedBatch, _ search: BeamSearch) throws -> [[Hypothesis]] {
        guard !source.lengths.isEmpty else { return [] }
        let encoded = encode(source)
        let memory = encoded.memory?.repeated(search.width)
        let written = try search(from: initialState(encoded), sequences: source.lengths.count) { tokens, state in
            step(tokens, state: state, memory: memory)
        }
        return zip(written, source.lengths).map { hypotheses, length in hypotheses.map { $0.attending(to: length) } }
    }
}

extension Hypothesis {
    /// The hypothesis with its attention's padding cut off.
    fileprivate func attending(to length: Int) -> Hypothesis {
        Hypothesis(
            tokens: tokens, logProbability: logProbability, score: score, isComplete: isComplete,
            attention: attention.map { Array($0.prefix(length)) })
    }
}
