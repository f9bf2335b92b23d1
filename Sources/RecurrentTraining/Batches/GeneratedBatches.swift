import Recurrent

/// The random streams of batches that are made anew for every step of every pass.
public struct GeneratedBatches: Sendable {
    private var random = RandomSource(seed: 0)

    /// Streams that have not been drawn yet.
    public init() {}

    /// Takes a seed of the pass's own for its batches.
    public mutating func draw(_ random: RandomSource) {
        var random = random
        self.random = RandomSource(seed: UInt64(random.next()) << 32 | UInt64(random.next()))
    }

    /// What a batch of the pass under way is made from.
    public subscript(position: Int) -> RandomSource { random.stream(UInt64(position)) }
}

/// A task that makes its own data: every batch is new, and a pass is 100 of them.
public protocol GeneratedTask: IndependentBatchesTask {
    /// What the batches are made from.
    var batches: GeneratedBatches { get set }
}

extension GeneratedTask {
    /// 100.
    public var stepsPerEpoch: Int { 100 }

    /// Draws the streams of the pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) { batches.draw(random) }
}
