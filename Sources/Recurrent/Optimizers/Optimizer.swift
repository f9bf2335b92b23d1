/// A rule that moves parameters along their gradients.
///
/// A rule says what it keeps between steps and how it moves; the rest is in the extension below. One of one's own:
///
///     struct SignSGD: Optimizer {
///         var learningRate: Float = 1e-3
///         var memory = OptimizerMemory()
///         func move(_ update: ParameterUpdate) {
///             for index in update.parameters.indices where update.gradients[index] != 0 {
///                 update.parameters[index] -= update.gradients[index] > 0 ? learningRate : -learningRate
///             }
///         }
///     }
public protocol Optimizer: Sendable {
    /// The factor of a step.
    var learningRate: Float { get set }

    /// What the rule remembers between steps; `OptimizerMemory()` at first.
    var memory: OptimizerMemory { get set }

    /// The names of the vectors that the rule keeps beside the parameters; none where a rule does not say.
    var slotNames: [String] { get }

    /// Moves the parameters of one update in place, element by element: a step makes one update of all parameters, or,
    /// where a network has frozen parameters (`Model.freeze(where:)`) or lazily updated ones (`RowUpdates`), several, of
    /// those between and of the rows looked up.
    func move(_ update: ParameterUpdate)
}

extension Optimizer {
    /// None.
    public var slotNames: [String] { [] }

    /// The number of updates made.
    public var steps: Int { memory.steps }

    /// What the rule remembers between steps: flat vectors laid out as the parameters are, by name. Empty before the
    /// first step.
    public var slots: [String: [Float]] { memory.values.filter { slotNames.contains($0.key) } }

    /// Takes up where an optimiser with these slots left off; each must have as many elements as the parameters.
    public mutating func restore(slots: [String: [Float]], steps: Int) {
        memory = OptimizerMemory(slots: slots.filter { slotNames.contains($0.key) }, steps: steps)
    }

    /// Moves the parameters in place. Gradients are multiplied by `scale` first.
    public mutating func update(_ parameters: inout Parameters, gradients: ParameterGradients, scale: Double) {
        let count = parameters.layout.count
        require(
            gradients.layout.count == count, "\(gradients.layout.count) gradients cannot move \(count) parameters")
        let slots = memory.beginStep(slotNames, count: count)
        parameters.write { pointer in
            let values = pointer.assumingMemoryBound(to: Float.self)
            let slopes = gradients.storage.pointer.assumingMemoryBound(to: Float.self)
            for stretch in gradients.stretches {
                move(
                    ParameterUpdate(
                        parameters: UnsafeMutableBufferPointer(
                            start: values + stretch.lowerBound, count: stretch.count),
                        gradients: UnsafeBufferPointer(start: slopes + stretch.lowerBound, count: stretch.count),
                        scale: scale, step: memory.steps, place: stretch, slots: slots))
            }
        }
    }
}
