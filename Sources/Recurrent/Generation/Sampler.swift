import CKernels

/// Draws a token from the logits of a network.
///
/// The logits are divided by the temperature; of their softmax the `topK` most likely tokens are kept, and of these
/// again the fewest that together have the share `topP`; from what is left a token is drawn.
public struct Sampler: Equatable, Sendable {
    /// What the logits are divided by. At 0 the most likely token is always taken, and of equals the lowest number.
    let temperature: Float
    /// How many of the most likely tokens can be drawn, or nil for all.
    let topK: Int?
    /// The share of the probability that the tokens which can be drawn must reach, or nil for all of it.
    let topP: Float?

    /// Makes a sampler.
    ///
    /// - Parameters:
    ///   - temperature: 0 or more, and finite.
    ///   - topK: 1 or more.
    ///   - topP: More than 0 and at most 1.
    /// - Throws: `RecurrentError` naming the option that is out of its range.
    public init(temperature: Float = 1, topK: Int? = nil, topP: Float? = nil) throws {
        guard temperature >= 0, temperature.isFinite else {
            throw RecurrentError("the temperature is \(temperature); expected 0 (always the most likely) or more")
        }
        if let topK, topK < 1 { throw RecurrentError("top-k is \(topK); expected 1 or more") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw RecurrentError("top-p is \(topP); expected more than 0 and at most 1")
        }
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
    }

    /// Working memory that is reused from draw to draw.
    public struct Scratch: Sendable {
        fileprivate var weights: [Float] = []
        fileprivate var order: [Int32] = []

        /// Makes empty working memory; the first draw gives it its size.
        public init() {}
    }

    /// Draws a token.
    ///
    /// - Parameters:
    ///   - logits: One for each token, at least one; minus infinity is a token that cannot be drawn.
    ///   - random: Gives one word, unless the temperature is 0.
    ///   - scratch: Working memory, so that no draw but the first allocates.
    /// - Returns: The token's number.
    /// - Throws: `RecurrentError` where a logit is NaN or infinite, or none can be drawn.
    public func draw(
        logits: UnsafeBufferPointer<Float>, random: inout RandomSource, scratch: inout Scratch
    ) throws -> Int {
        if temperature == 0 { return try mostLikely(logits) }
        let count = logits.count
        if scratch.weights.count != count { scratch.weights = [Float](repeating: 0, count: count) }
        let total = scratch.weights.withUnsafeMutableBufferPointer { weights in
            stepKernels.pointee.token_weights(
                logits.baseAddress, Int64(count), Double(temperature), weights.baseAddress)
        }
        guard total >= 1 else {
            _ = try mostLikely(logits)
            fatalError("the weights of \(count) tokens add up to \(total)")
        }
        if topK == nil && topP == nil {
            return scratch.weights.withUnsafeBufferPointer { weights in
                Self.choose(at: random.unitInterval() * total, count: count) { (Int($0), Double(weights[$0])) }
            }
        }
        if scratch.order.count != count { scratch.order = [Int32](repeating: 0, count: count) }
        for index in 0..<count { scratch.order[index] = Int32(truncatingIfNeeded: index) }
        return scratch.weights.withUnsafeBufferPointer { weights in
            scratch.order.withUnsafeMutableBufferPointer { order in
                var selection = DescendingSelection(order: order, weights: weights)
                let mass = restrict(&selection, total: total)
                return Self.choose(at: random.unitInterval() * mass, count: selection.selectedCount) { place in
                    let token = selection.selected(place)
                    return (token, Double(weights[token]))
                }
            }
        }
    }

    /// Draws a token, with working memory of its own.
    ///
    /// - Throws: `RecurrentError` where a logit is NaN or infinite, or none can be drawn.
    public func draw(logits: [Float], random: inout RandomSource) throws -> Int {
        var scratch = Scratch()
        return try logits.withUnsafeBufferPointer { try draw(logits: $0, random: &random, scratch: &scratch) }
    }

    /// The first of the largest logits.
    private func mostLikely(_ logits: UnsafeBufferPointer<Float>) throws -> Int {
        var (best, largest) = (0, -Float.infinity)
        for index in logits.indices {
            let logit = logits[index]
            guard logit < .infinity else {
                throw RecurrentError("the network gives token \(index) the logit \(logit): its weights are unusable")
            }
            if logit > largest { (best, largest) = (index, logit) }
        }
        guard largest > -.infinity else {
            throw RecurrentError("none of the network's \(logits.count) tokens can be drawn: its weights are unusable")
        }
        return best
    }

    /// Selects the tokens that can be drawn and returns the sum of their weights.
    private func restrict(_ selection: inout DescendingSelection, total: Double) -> Double {
        var available = total
        if let topK {
            available = 0
            while selection.selectedCount < topK, let weight = selection.selectNext() { available += Double(weight) }
        }
        guard let topP else { return available }
        let wanted = Double(topP) * available
        let limit = topK == nil ? Int.max : selection.selectedCount
        selection.rewind()
        var mass = 0.0
        while mass < wanted, selection.selectedCount < limit, let weight = selection.selectNext() {
            mass += Double(weight)
        }
        return mass
    }

    /// Walks over tokens until their weights have reached a target, which rounding may leave beyond the last.
    @inline(__always)
    private static func choose(at target: Double, count: Int, _ item: (Int) -> (token: Int, weight: Double)) -> Int {
        var remaining = target
        var last = 0
        for place in 0..<count {
            let (token, weight) = item(place)
            guard weight > 0 else { continue }
            last = token
            remaining -= weight
            if remaining < 0 { break }
        }
        return last
    }
}
