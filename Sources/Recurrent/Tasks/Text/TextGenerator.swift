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
        require(!prompt.isEmpty, "a prompt has at least one token")
        if configuration.batching == .windows {
            try generateByWindows(count, after: prompt, with: network, emit: emit)
        } else {
            try generateByState(count, after: prompt, with: network, emit: emit)
        }
    }

    private mutating func generateByState(
        _ count: Int, after prompt: [Int32], with network: TextNetwork, emit: (Int32) throws -> Bool
    ) throws {
        var scratch = Sampler.Scratch()
        var states = network.zeroState(batch: 1)
        if prompt.count > 1 {
            states = network(IntegerTensor(Array(prompt.dropLast()), shape: [prompt.count - 1, 1]), from: nil).state
        }
        guard let stepper = network.stepper(from: states) else {
            fatalError("a text network is made of built-in cells")
        }
        var token = prompt[prompt.count - 1]
        for _ in 0..<count {
            token = Int32(
                try stepper.withLogits(after: CollectionOfOne(token)) { logits in
                    try sampler.draw(logits: logits, random: &random, scratch: &scratch)
                })
            guard try emit(token) else { return }
        }
    }

    private mutating func generateByWindows(
        _ count: Int, after prompt: [Int32], with network: TextNetwork, emit: (Int32) throws -> Bool
    ) throws {
        var scratch = Sampler.Scratch()
        var window = Array(prompt.suffix(configuration.sequenceLength))
        for _ in 0..<count {
            let (logits, _) = network(IntegerTensor(window, shape: [window.count, 1]), from: nil)
            let token = Int32(
                try logits[window.count - 1].withUnsafeValues { logits in
                    try sampler.draw(logits: logits, random: &random, scratch: &scratch)
                })
            window = Array((window + [token]).suffix(configuration.sequenceLength))
            guard try emit(token) else { return }
        }
    }
}
