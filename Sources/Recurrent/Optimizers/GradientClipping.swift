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
            let memory = gradients.storage.pointer
            kernels.clip(memory, memory, -Double(bound), Double(bound), Int64(gradients.layout.count))
            return 1
        case .norm(let bound):
            for entry in gradients.layout.entries {
                let memory = gradients.storage.pointer(at: entry.offset)
                let norm = kernels.sum_of_squares(memory, Int64(entry.count)).squareRoot()
                let factor = Double(bound) / (norm + 1e-6)
                if factor < 1 { kernels.add_scaled(memory, memory, factor - 1, Int64(entry.count)) }
            }
            return 1
        }
    }
}
