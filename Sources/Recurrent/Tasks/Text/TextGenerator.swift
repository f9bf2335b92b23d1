/// Writes text with a trained text model, token by token.
public struct TextGenerator: Sendable {
    private let configuration: TextConfiguration
    private let sampler: Sampler
    private var random: RandomSource

    /// Makes a generator. The same seed gives the same text.
    public init(_ configuration: TextConfiguration, sampler: Sampler, seed: UInt64) {
        self.configuration = configuration
        self.sampler = sampler
        random = RandomSource(seed: seed, operation: 3)
    }

    /// Draws `count` tokens after a prompt of at least one token, and gives each to `emit` as it comes, until that
    /// returns false.
    ///
    /// A model that was trained on windows from a zero state reads the last window anew for every token; others carry
    /// their state.
    /// - Throws: `RecurrentError` where the model gives no finite logits, and what `emit` throws.
    public mutating func generate(
        _ count: Int, after prompt: [Int32], with network: TextNetwork, emit: (Int32) throws -> Bool
    ) throws {
        precondition(!prompt.isEmpty, "a prompt has at least one token")
        var scratch = Sampler.Scratch()
        var state: TextNetwork.State?
        var unread = prompt
        var window = Array(prompt.suffix(configuration.seqLength))
        for _ in 0..<count {
            let read = configuration.batching == .windows ? window : unread
            let carried = configuration.batching == .windows ? nil : state
            let (logits, next) = network(IntegerTensor(read, shape: [read.count, 1]), from: carried)
            let token = Int32(
                try logits[read.count - 1].withUnsafeValues { logits in
                    try sampler.draw(logits: logits, random: &random, scratch: &scratch)
                })
            state = next
            unread = [token]
            window = Array((window + [token]).suffix(configuration.seqLength))
            guard try emit(token) else { return }
        }
    }
}
