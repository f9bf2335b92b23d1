/// How attention scores what it looks at.
public enum AttentionKind: String, Codable, Sendable, CaseIterable {
    /// score(q, h) = v . tanh(W q + U h) (Bahdanau, Cho and Bengio 2015, section A.1.2).
    case additive
    /// score(q, h) = q . h (Luong, Pham and Manning 2015, section 3.1).
    case dot
    /// score(q, h) = q . h divided by the root of their width (Vaswani et al. 2017, equation 1).
    case scaledDot = "scaled-dot"
    /// score(q, h) = q . W h (Luong, Pham and Manning 2015, section 3.1).
    case general
}

/// Attention of queries, such as a decoder's states, over a memory, such as an encoder's states.
///
/// A query's scores against all steps of a sequence go through a softmax, and their weighted sum of the memory is what
/// the query gets: its context. Steps past a sequence's end have exactly zero weight.
///
///     let attention = Attention(.additive, querySize: 128, memorySize: 256, &binder["attention"])
///     let memory = attention.memory(of: encoded.outputs, lengths: lengths)        // projected once
///     let (context, weights) = memory(state.h)                                    // for every decoder step
public struct Attention: Sendable {
    /// How it scores.
    let kind: AttentionKind
    /// Additive: W, `[query, units]`.
    let queryWeight: Tensor?
    /// Additive: U, `[memory, units]`; general: W, `[memory, query]`.
    let keyWeight: Tensor?
    /// Additive: v, `[units]`.
    let scoreVector: Tensor?

    private init(_ kind: AttentionKind, queryWeight: Tensor?, keyWeight: Tensor?, scoreVector: Tensor?) {
        self.kind = kind
        self.queryWeight = queryWeight
        self.keyWeight = keyWeight
        self.scoreVector = scoreVector
    }

    /// Additive attention of given weights `[query, units]`, `[memory, units]` and `[units]`.
    static func additive(queryWeight: Tensor, keyWeight: Tensor, scoreVector: Tensor) -> Attention {
        require(
            queryWeight.rank == 2 && keyWeight.rank == 2 && scoreVector.shape == [queryWeight.shape[1]]
                && keyWeight.shape[1] == queryWeight.shape[1],
            "weights \(queryWeight.shape), \(keyWeight.shape) and \(scoreVector.shape) do not make an attention")
        return Attention(.additive, queryWeight: queryWeight, keyWeight: keyWeight, scoreVector: scoreVector)
    }

    /// Multiplicative attention without weights: queries and memory have one width.
    static func dot(isScaled: Bool = false) -> Attention {
        Attention(isScaled ? .scaledDot : .dot, queryWeight: nil, keyWeight: nil, scoreVector: nil)
    }

    /// Multiplicative attention with a weight `[memory, query]` between.
    static func general(weight: Tensor) -> Attention {
        require(weight.rank == 2, "a weight of shape \(weight.shape) where [memory, query] is expected")
        return Attention(.general, queryWeight: nil, keyWeight: weight, scoreVector: nil)
    }

    /// Makes a layer with the parameters that its kind needs: `queryWeight`, `keyWeight`, `scoreVector` (additive) or
    /// `keyWeight` (general).
    /// - Parameters:
    ///   - kind: How it scores; the dot products need a memory as wide as the queries.
    ///   - querySize: The width of the queries.
    ///   - memorySize: The width of the memory.
    ///   - units: Additive: the width that both are projected to; the queries' where none is given.
    public init(_ kind: AttentionKind, querySize: Int, memorySize: Int, units: Int? = nil, _ binder: inout Binder) {
        switch kind {
        case .additive:
            let units = units ?? querySize
            self = .additive(
                queryWeight: binder.weight("queryWeight", [querySize, units]),
                keyWeight: binder.weight("keyWeight", [memorySize, units]),
                scoreVector: binder.weight("scoreVector", [units, 1]).reshaped([units]))
        case .general:
            self = .general(weight: binder.weight("keyWeight", [memorySize, querySize]))
        case .dot, .scaledDot:
            require(
                querySize == memorySize,
                "a dot product of queries of width \(querySize) and a memory of width \(memorySize)")
            self = .dot(isScaled: kind == .scaledDot)
        }
    }

    /// What is to be looked at, with its keys projected once for all queries.
    /// - Parameters:
    ///   - states: `[time, batch, features]`.
    ///   - lengths: The number of steps of every sequence, at most `time`; all steps where none are given.
    public func memory(of states: Tensor, lengths: [Int]? = nil) -> AttentionMemory {
        let values = states.zeroed(past: lengths)
        return AttentionMemory(
            attention: self, keys: keyWeight.map { values.matmul($0) } ?? values, values: values, lengths: lengths)
    }

    /// Queries `[..., query]` as the keys are.
    func projected(_ queries: Tensor) -> Tensor { queryWeight.map { queries.matmul($0) } ?? queries }

    /// The factor of dot products of a width.
    func scale(units: Int) -> Double { kind == .scaledDot ? 1 / Double(units).squareRoot() : 1 }
}
