/// A hypothesis while it is written.
struct PartialHypothesis: Sendable {
    var tokens: [Int32] = []
    var logProbability = 0.0
    var attention: [[Float]] = []
    var hasEnded = false

    mutating func append(_ token: Int32, _ added: Float, attention weights: [Float]?, end: Int32) {
        logProbability += Double(added)
        if let weights { attention.append(weights) }
        if token == end { hasEnded = true } else { tokens.append(token) }
    }

    /// The hypothesis with its score; the end counts as a token of its length.
    func hypothesis(lengthPenalty: Double) -> Hypothesis {
        let length = tokens.count + (hasEnded ? 1 : 0)
        return Hypothesis(
            tokens: tokens, logProbability: logProbability,
            score: BeamSearch.score(logProbability, length: length, lengthPenalty: lengthPenalty),
            isComplete: hasEnded, attention: attention)
    }
}
