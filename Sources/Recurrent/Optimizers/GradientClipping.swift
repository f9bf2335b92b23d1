import CKernels

/// How gradients are bounded before the update.
public enum GradientClipping: Sendable, Equatable {
    /// Not at all.
    case none
    /// Every element to +-bound.
    case value(Float)
    /// Every parameter's gradient to at most this Euclidean norm.
    case norm(Float)
    /// All gradients together to at most this Euclidean norm (Pascanu, Mikolov and Bengio 2013).
    case globalNorm(Float)

    /// Clips in place, except for the global norm, whose factor is returned for the update to apply.
    ///
    /// The factor is PyTorch's: bound/(norm + 1e-6), at most 1.
    func apply(to gradients: ParameterGradients, globalNorm: Double) -> Double {
        let kernels = gradients.storage.kernels.pointee
        switch self {
        case .value(let bound), .norm(let bound), .globalNorm(let bound):
            require(bound > 0, "gradients are clipped to a bound of more than 0, not \(bound)")
        case .none: break
        }
        switch self {
        case .none:
            return 1
        case .globalNorm(let bound):
            return min(1, Double(bound) / (globalNorm + 1e-6))
        case .value(let bound):
            for stretch in gradients.stretches {
                let memory = gradients.storage.pointerForWriting(at: stretch.lowerBound)
                kernels.clip(memory, memory, -Double(bound), Double(bound), Int64(stretch.count))
            }
            return 1
        case .norm(let bound):
            for entry in gradients.layout.entries {
                let stretches = gradients.stretches(within: entry.offset..<entry.offset + entry.count)
                let factor = Double(bound) / (gradients.norm(of: stretches) + 1e-6)
                guard factor < 1 else { continue }
                for stretch in stretches {
                    let memory = gradients.storage.pointerForWriting(at: stretch.lowerBound)
                    kernels.add_scaled(memory, memory, factor - 1, Int64(stretch.count))
                }
            }
            return 1
        }
    }
}
