extension Initializer {
    /// Which of a weight's fans its variance is divided by.
    enum Fan: Sendable {
        case input, output, average
    }

    /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010).
    public static let glorotUniform = varianceScaledUniform(scale: 1, fan: .average)

    /// Truncated normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010).
    public static let glorotNormal = varianceScaledNormal(scale: 1, fan: .average)

    /// Uniform with variance 2 / fan-in, for layers that end in a ReLU (He et al., 2015).
    public static let heUniform = varianceScaledUniform(scale: 2, fan: .input)

    /// Truncated normal with variance 2 / fan-in, for layers that end in a ReLU (He et al., 2015).
    public static let heNormal = varianceScaledNormal(scale: 2, fan: .input)

    /// Uniform with variance 1 / fan-in (LeCun et al., "Efficient backprop", 1998).
    public static let lecunUniform = varianceScaledUniform(scale: 1, fan: .input)

    /// Truncated normal with variance 1 / fan-in (LeCun et al., "Efficient backprop", 1998).
    public static let lecunNormal = varianceScaledNormal(scale: 1, fan: .input)

    private static func varianceScaledUniform(scale: Double, fan: Fan) -> Initializer {
        Initializer { shape, random in
            let bound = Float((3 * variance(scale: scale, fan: fan, shape: shape)).squareRoot())
            return random.uniform(count: elementCount(shape), from: -bound, to: bound)
        }
    }

    private static func varianceScaledNormal(scale: Double, fan: Fan) -> Initializer {
        Initializer { shape, random in
            // Cutting a normal distribution at two standard deviations narrows it to this share of its width.
            let width = variance(scale: scale, fan: fan, shape: shape).squareRoot() / 0.87962566103423978
            return random.truncatedNormal(count: elementCount(shape), standardDeviation: Float(width))
        }
    }

    /// The variance that variance scaling gives a weight, as TensorFlow's `VarianceScaling`.
    static func variance(scale: Double, fan: Fan, shape: [Int]) -> Double {
        let fans = fans(shape)
        switch fan {
        case .input: return scale / max(1, fans.input)
        case .output: return scale / max(1, fans.output)
        case .average: return scale / max(1, (fans.input + fans.output) / 2)
        }
    }

    private static func fans(_ shape: [Int]) -> (input: Double, output: Double) {
        let (rows, columns) = matrixSize(shape)
        return (Double(shape.count == 1 ? columns : rows), Double(columns))
    }
}
