import CKernels

/// One update, as a rule sees it: flat memory, a stretch of that of all parameters.
///
/// The memory may be used during the call of `Optimizer.move(_:)` only.
public struct ParameterUpdate {
    /// The parameters, to be moved in place.
    public let parameters: UnsafeMutableBufferPointer<Float>
    /// Their gradients, before they are multiplied by `scale`.
    public let gradients: UnsafeBufferPointer<Float>
    /// What the gradients are to be multiplied by: less than 1 where the global norm is clipped.
    public let scale: Double
    /// The number of this update's step, from 1.
    public let step: Int
    /// Where the parameters stand among all.
    let place: Range<Int>
    /// The memory of all parameters' slots.
    let slots: [SlotMemory]

    /// The memory of a vector that the rule keeps, one of its `slotNames`; zero before the rule first wrote it.
    public func slot(_ name: String) -> UnsafeMutableBufferPointer<Float> {
        guard let slot = slots.first(where: { $0.name == name }) else {
            fatalError("the rule keeps no slot \(name); its slotNames are \(slots.map(\.name))")
        }
        return UnsafeMutableBufferPointer(rebasing: slot.elements[place])
    }

    var kernels: UnsafePointer<ck_kernels> { Precision.single.kernels }

    /// The update in the kernels' form.
    var elements: ck_update {
        ck_update(
            parameters: parameters.baseAddress, gradients: gradients.baseAddress, count: Int64(parameters.count),
            scale: scale)
    }

    /// The memory of a slot for a kernel; nil where the rule does without it.
    func memory(_ name: String) -> UnsafeMutableRawPointer? {
        slots.first { $0.name == name }
            .map { UnsafeMutableRawPointer($0.elements.baseAddress.unsafelyUnwrapped + place.lowerBound) }
    }
}
