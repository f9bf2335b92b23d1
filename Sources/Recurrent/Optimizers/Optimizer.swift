/// A rule that moves parameters along their gradients.
public protocol Optimizer: Sendable {
    /// The factor of a step.
    var learningRate: Float { get set }

    /// Moves the parameters in place. Gradients are multiplied by `scale` first.
    mutating func update(_ parameters: inout Parameters, gradients: ParameterGradients, scale: Double)

    /// What the rule remembers between steps: flat vectors laid out as the parameters are, by name, and the number of
    /// steps taken. Empty before the first step.
    var slots: [String: [Float]] { get }

    /// The number of updates made.
    var steps: Int { get }

    /// Takes up where an optimiser with these slots left off; each must have as many elements as the parameters.
    mutating func restore(slots: [String: [Float]], steps: Int)
}

/// A flat vector that an optimiser keeps beside the parameters, zero at first.
struct Slot: Sendable {
    private var storage: Storage?

    var values: [Float]? {
        storage.map { Tensor(storage: $0, offset: 0, shape: [$0.count]).values }
    }

    init() {}

    init(_ values: [Float]?) { storage = values.map { Tensor($0, shape: [$0.count]).storage } }

    mutating func memory(count: Int) -> UnsafeMutableRawPointer {
        if storage == nil { storage = Tensor.zeros([count]).storage }
        if !isKnownUniquelyReferenced(&storage) { storage = storage?.copy() }
        return storage.unsafelyUnwrapped.pointer
    }
}
