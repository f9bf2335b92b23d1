/// What a decoder says after it has read one more token of every row.
public struct DecodingStep<State: RecurrentState>: Sendable {
    /// The logarithm of the probability of every next token, `[rows, tokens]`; minus infinity for one that cannot come.
    let logProbabilities: Tensor
    /// The states after it. Every part has the rows as its first axis.
    let state: State
    /// The attention weights that the step was made with, `[rows, source time]`; nil without attention.
    let attention: Tensor?

    /// Makes a step of its parts.
    public init(logProbabilities: Tensor, state: State, attention: Tensor? = nil) {
        self.logProbabilities = logProbabilities
        self.state = state
        self.attention = attention
    }
}

/// A sequence that a decoder could write.
public struct Hypothesis: Sendable, Equatable {
    /// The tokens, without the beginning and the end.
    public let tokens: [Int32]
    /// The logarithm of the probability of the tokens and, where it came, of the end.
    public let logProbability: Double
    /// By what hypotheses are compared: the logarithm over the length penalty.
    public let score: Double
    /// Whether the end came, before the maximum length cut it off.
    public let isComplete: Bool
    /// The attention weights with which every token and the end were chosen; none without attention.
    public let attention: [[Float]]

    /// Makes a hypothesis of its parts.
    init(
        tokens: [Int32], logProbability: Double, score: Double, isComplete: Bool, attention: [[Float]] = []
    ) {
        self.tokens = tokens
        self.logProbability = logProbability
        self.score = score
        self.isComplete = isComplete
        self.attention = attention
    }
}

/// How a decoder begins and ends, and what it cannot write.
public struct DecodingTokens: Sendable, Equatable {
    /// What the decoder reads first.
    let begin: Int32
    /// What ends a sequence.
    let end: Int32
    /// What is never written.
    let excluded: Set<Int32>

    /// Makes a choice of tokens; by default those of `SpecialToken`, where padding and the beginning cannot be written.
    public init(
        begin: Int32 = SpecialToken.begin, end: Int32 = SpecialToken.end,
        excluded: Set<Int32> = [SpecialToken.padding, SpecialToken.begin]
    ) {
        self.begin = begin
        self.end = end
        self.excluded = excluded
    }
}

extension DecodingStep {
    /// Calls `body` with the log-probabilities of every row.
    ///
    /// - Throws: `RecurrentError` where there is not a row for each of `rows`, or one of them holds a NaN.
    func withRows(_ rows: Int, _ body: ([ArraySlice<Float>]) throws -> Void) throws {
        require(
            logProbabilities.rank == 2 && logProbabilities.shape[0] == rows,
            "log-probabilities of shape \(logProbabilities.shape) for \(rows) rows")
        let (values, width) = (logProbabilities.values, logProbabilities.shape[1])
        guard !values.contains(where: \.isNaN) else {
            throw RecurrentError("the decoder gives a token a probability that is no number: its weights are unusable")
        }
        try body((0..<rows).map { values[$0 * width..<($0 + 1) * width] })
    }

    /// The attention weights of every row; empty without attention.
    func attentionRows() -> [[Float]] {
        guard let attention else { return [] }
        let (values, width) = (attention.values, attention.shape[1])
        return (0..<attention.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
}
