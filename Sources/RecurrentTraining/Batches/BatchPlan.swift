import Recurrent

/// Which examples stand together in the batches of a pass over the data, drawn anew for every pass.
public struct BatchPlan: Sendable {
    /// What becomes of the last examples of a pass, where they are fewer than a batch.
    public enum Remainder: Sendable {
        /// They are a batch of their own.
        case smallerBatch
        /// They are left out: all batches of the pass are whole.
        case leftOut
    }

    private let order: BatchOrder
    private let remainder: Remainder
    /// Like numbers for examples of like lengths.
    private let ranks: [Int]
    private var batches: [[Int]] = []

    /// Plans batches of examples.
    /// - Parameters:
    ///   - lengths: The length of every example, or whatever else like examples are known by.
    ///   - batchSize: The number of examples of a batch.
    ///   - groupedBatches: How many batches' examples are sorted by length before they are cut into batches, so that
    ///     sequences of like lengths stand together; with 1 any example may stand beside any other.
    ///   - remainder: What becomes of the last examples of a pass.
    /// - Throws: `RecurrentError` where a number is less than 1, or the examples make no batch.
    public init(
        lengths: [some Comparable], batchSize: Int, groupedBatches: Int = 1, remainder: Remainder = .smallerBatch
    ) throws {
        order = try BatchOrder(batchSize: batchSize, groupedBatches: groupedBatches)
        self.remainder = remainder
        var ranks = [Int](repeating: 0, count: lengths.count)
        if groupedBatches > 1 {
            let sorted = lengths.indices.sorted { lengths[$0] < lengths[$1] }
            for (before, place) in zip(sorted, sorted.dropFirst()) {
                ranks[place] = ranks[before] + (lengths[before] == lengths[place] ? 0 : 1)
            }
        }
        self.ranks = ranks
        guard stepsPerEpoch > 0 else {
            throw RecurrentError("\(lengths.count) examples make no batch of \(batchSize)")
        }
    }

    /// Plans batches of examples of which any may stand beside any other.
    ///
    /// - Throws: `RecurrentError` where the batch size is less than 1, or the examples make no batch.
    public init(count: Int, batchSize: Int, remainder: Remainder = .smallerBatch) throws {
        try self.init(lengths: Array(repeating: 0, count: count), batchSize: batchSize, remainder: remainder)
    }

    /// The number of batches of a pass.
    public var stepsPerEpoch: Int {
        let whole = ranks.count / order.batchSize
        return remainder == .leftOut || whole * order.batchSize == ranks.count ? whole : whole + 1
    }

    /// The number of examples of a batch; the last of a pass may have fewer.
    public var batchSize: Int { min(order.batchSize, ranks.count) }

    /// Draws the batches of a pass from the pass's own stream. Every example stands in at most one.
    public mutating func draw(_ random: RandomSource) {
        var random = random
        batches = order.batches(lengths: ranks, random: &random)
        if remainder == .leftOut { batches.removeAll { $0.count < order.batchSize } }
    }

    /// The places of the examples of a batch of the pass under way.
    public subscript(position: Int) -> [Int] { batches[position] }

    /// The places of one of several like parts of a batch, for threads or machines that share it.
    public func places(_ position: Int, part: Int, of parts: Int) -> ArraySlice<Int> {
        let batch = batches[position]
        return batch[batch.count * part / parts..<batch.count * (part + 1) / parts]
    }

    /// The share of all steps of the pass under way that are padding, from 0 to 1, where sequences have these lengths.
    public func paddingShare(lengths: [Int]) -> Double { BatchOrder.paddingShare(of: batches, lengths: lengths) }
}

/// A task whose batches are examples that are drawn anew for every pass.
public protocol BatchedTask: IndependentBatchesTask {
    /// Which examples stand together.
    var plan: BatchPlan { get set }
}

extension BatchedTask {
    /// The batches of a pass.
    public var stepsPerEpoch: Int { plan.stepsPerEpoch }

    /// The examples of a batch.
    public var itemsPerStep: Int { plan.batchSize }

    /// Draws the batches of the pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) { plan.draw(random) }
}
