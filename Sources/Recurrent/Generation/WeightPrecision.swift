import CKernels

/// What the weights are kept as while a network is run step by step. States and sums are single precision in any case.
///
/// A step for one sequence takes as long as its weights take to arrive from memory: smaller ones are faster.
public enum WeightPrecision: String, CaseIterable, Sendable {
    /// 32-bit floating point: the weights as they were trained.
    case float32 = "fp32"
    /// The upper 16 bits of a float, rounded to the nearest: about three decimal digits.
    case bfloat16 = "bf16"
    /// Whole numbers from -127 to 127, times a scale for each unit of each matrix. What they are multiplied with is
    /// rounded to 8 bits for every step, and products are summed exactly.
    case int8

    var kernelType: ck_weight_type {
        switch self {
        case .float32: CK_FLOAT32
        case .bfloat16: CK_BFLOAT16
        case .int8: CK_INT8
        }
    }
}
