import Recurrent

/// Writes text with a trained text model, token by token.
public struct TextGenerator: Sendable {
    private let configuration: TextConfiguration
    private let sampler: Sampler
    private let excluded: Int32?
    private let weights: WeightPrecision
    private var random: RandomSource
    private var scratch = Sampler.Scratch()
    private var masked: [Float] = []

    /// Makes a generator. The same seed gives the same text.
    ///
    /// - Parameters:
    ///   - excluded: A token that is never drawn, such as that of unknown words, or nil.
    ///   - weights: What the weights are kept as, where the model carries its state from token to token.
    public init(
        _ configuration: TextConfiguration, sampler: Sampler, seed: UInt64, excluding excluded: Int32? = nil,
        weights: WeightPrecision = .float32
    ) {
        self.configuration = configuration
        self.weights = weights
        self.sampler = sampler
        self.excluded = excluded
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
            var window = Array(prompt.suffix(configuration.sequenceLength))
            for _ in 0..<count {
                let (logits, _) = network(IntegerTensor(window, shape: [window.count, 1]), from: nil)
                let token = try logits[window.count - 1].withUnsafeValues { try draw($0) }
                window = Array((window + [token]).suffix(configuration.sequenceLength))
                guard try emit(token) else { return }
            }
            return
        }
        var states = network.zeroState(batch: 1)
        if prompt.count > 1 {
            states = network(IntegerTensor(Array(prompt.dropLast()), shape: [prompt.count - 1, 1]), from: nil).state
        }
        let stepper = network.stepper(from: states, weights: weights)
        var token = prompt[prompt.count - 1]
        for _ in 0..<count {
            token = try stepper.withLogits(after: CollectionOfOne(token)) { try draw($0) }
            guard try emit(token) else { return }
        }
    }

    private mutating func draw(_ logits: UnsafeBufferPointer<Float>) throws -> Int32 {
        guard let excluded else { return Int32(try sampler.draw(logits: logits, random: &random, scratch: &scratch)) }
        masked.removeAll(keepingCapacity: true)
        masked.append(contentsOf: logits)
        masked[Int(excluded)] = -.infinity
        return Int32(
            try masked.withUnsafeBufferPointer { try sampler.draw(logits: $0, random: &random, scratch: &scratch) })
    }
}
