/// What an optimiser remembers between steps: their number, and vectors as long as the parameters, by name.
public struct OptimizerMemory: Sendable {
    /// The number of updates made.
    public private(set) var steps = 0
    private var slots: [String: Slot] = [:]

    /// A memory of nothing, before the first step.
    public init() {}

    init(slots: [String: [Float]], steps: Int) {
        self.steps = steps
        self.slots = slots.mapValues { Slot($0) }
    }

    var values: [String: [Float]] { slots.mapValues(\.values) }

    /// Counts a step and gives the memory of these slots, which are zero where they are new.
    mutating func beginStep(_ names: [String], count: Int) -> [SlotMemory] {
        steps += 1
        return names.map { name in
            let memory = slots[name, default: Slot(count: count)].memory
            require(
                memory.count == count, "the slot \(name) has \(memory.count) elements; there are \(count) parameters")
            return SlotMemory(name: name, elements: memory)
        }
    }
}

/// The memory of a slot during a step.
struct SlotMemory {
    let name: String
    let elements: UnsafeMutableBufferPointer<Float>
}

/// A flat vector that an optimiser keeps beside the parameters. Copies share it until one of them is written.
private struct Slot: Sendable {
    private var storage: Storage

    init(count: Int) { storage = Tensor.zeros([count]).storage }

    init(_ values: [Float]) { storage = Tensor(values, shape: [values.count]).storage }

    var values: [Float] { Tensor(storage: storage, offset: 0, shape: [storage.count]).values }

    /// The elements, to be written in place.
    var memory: UnsafeMutableBufferPointer<Float> {
        mutating get {
            if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
            return UnsafeMutableBufferPointer(
                start: storage.pointerForWriting.assumingMemoryBound(to: Float.self), count: storage.count)
        }
    }
}
