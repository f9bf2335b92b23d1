/// Which steps of a sequence share a dropout mask.
public enum DropoutMasks: String, Sendable, Codable {
    /// Every time step has a mask of its own (Zaremba, Sutskever and Vinyals 2014).
    case perStep
    /// All time steps of a sequence share one: variational dropout (Gal and Ghahramani 2016).
    case perSequence
}

/// Dropout over the steps of a sequence: the mask of a step follows from a random stream and the step's number alone,
/// so that a sequence has the same masks step by step and all at once.
struct StepDropout: Sendable {
    let probability: Float
    let masks: DropoutMasks
    let random: RandomSource?

    init(probability: Float, masks: DropoutMasks, random: RandomSource?) {
        require(probability >= 0 && probability < 1, "a dropout probability of \(probability) is not in 0..<1")
        self.probability = probability
        self.masks = masks
        self.random = probability > 0 ? random : nil
    }

    /// Whether anything is dropped.
    var isActive: Bool { random != nil }

    /// The same dropout with masks of its own for one of several tensors.
    func part(_ index: Int) -> StepDropout {
        // Multiples of an odd number far from those that tell training steps apart (SplitMix64's second constant).
        let stream = random.map { $0.stream($0.operation &+ UInt64(index) &* 0xBF58_476D_1CE4_E5B9) }
        return StepDropout(probability: probability, masks: masks, random: stream)
    }

    private func mask(_ shape: [Int], step: Int) -> Tensor? {
        var random = random
        // A mask takes whole groups of four numbers.
        if masks == .perStep { random?.group &+= UInt64(step * ((elementCount(shape) + 3) / 4)) }
        return Dropout(probability: probability, random: random).mask(shape)
    }

    /// One step's tensor `[batch, features]`.
    func callAsFunction(_ x: Tensor, step: Int) -> Tensor { mask(x.shape, step: step).map { x * $0 } ?? x }

    /// All steps' tensors `[time, batch, features]`, of which the first to be taken has the number `first`.
    func callAsFunction(_ x: Tensor, from first: Int, direction: Direction) -> Tensor {
        guard isActive, x.count > 0 else { return x }
        let (time, shape) = (x.shape[0], Array(x.shape.dropFirst()))
        if masks == .perSequence { return mask(shape, step: 0).map { x * $0 } ?? x }
        let order = direction == .forward ? Array(0..<time) : (0..<time).reversed()
        return x * .stacked(order.compactMap { mask(shape, step: first + $0) })
    }
}
