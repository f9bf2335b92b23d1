/// How the first values of a weight are made from its shape and a source of random numbers.
///
/// Fans follow TensorFlow: of a shape with two or more dimensions, fan-in is the product of all but the last and
/// fan-out is the last; a vector of n has both n.
public struct Initializer: Sendable {
    private let make: @Sendable (_ shape: [Int], _ random: inout RandomSource) -> [Float]

    /// Makes an initialiser from a function that returns as many values as the shape holds, in row-major order.
    public init(_ make: @escaping @Sendable (_ shape: [Int], _ random: inout RandomSource) -> [Float]) {
        self.make = make
    }

    /// Makes the values of a weight.
    ///
    /// - Parameters:
    ///   - shape: The dimensions; a negative one is a mistake of the programmer and stops the program.
    ///   - random: Where random numbers are drawn; left alone by initialisers that are not random.
    /// - Returns: The values in row-major order.
    public func callAsFunction(shape: [Int], random: inout RandomSource) -> [Float] {
        let count = Self.elementCount(shape)
        let values = make(shape, &random)
        require(values.count == count, "an initialiser made \(values.count) values for the shape \(shape)")
        return values
    }

    /// All 0.
    public static let zeros = constant(0)

    /// All 1.
    public static let ones = constant(1)

    /// All the same value.
    public static func constant(_ value: Float) -> Initializer {
        Initializer { shape, _ in [Float](repeating: value, count: elementCount(shape)) }
    }

    /// Uniform in [lower, upper).
    public static func uniform(from lower: Float, to upper: Float) -> Initializer {
        Initializer { shape, random in random.uniform(count: elementCount(shape), from: lower, to: upper) }
    }

    /// Normally distributed.
    public static func normal(mean: Float = 0, standardDeviation: Float) -> Initializer {
        Initializer { shape, random in
            random.normal(count: elementCount(shape), mean: mean, standardDeviation: standardDeviation)
        }
    }

    /// Normally distributed, without values further than two standard deviations from the mean.
    public static func truncatedNormal(mean: Float = 0, standardDeviation: Float) -> Initializer {
        Initializer { shape, random in
            random.truncatedNormal(count: elementCount(shape), mean: mean, standardDeviation: standardDeviation)
        }
    }

    /// What PyTorch gives every weight and bias of a recurrent layer: uniform within one over the square root of the
    /// number of its units.
    ///
    /// - Parameter hiddenSize: The number of units, at least 1.
    public static func torchUniform(hiddenSize: Int) -> Initializer {
        require(hiddenSize >= 1, "torchUniform: the hidden size is \(hiddenSize); expected 1 or more")
        let bound = Float(1 / Double(hiddenSize).squareRoot())
        return uniform(from: -bound, to: bound)
    }

    /// A matrix with the gain on its diagonal and 0 elsewhere; further dimensions are folded into the rows.
    public static func identity(gain: Float = 1) -> Initializer {
        Initializer { shape, _ in
            var values = [Float](repeating: 0, count: elementCount(shape))
            let (rows, columns) = matrixSize(shape)
            for index in 0..<min(rows, columns) { values[index * columns + index] = gain }
            return values
        }
    }

    /// The number of values of a shape.
    static func elementCount(_ shape: [Int]) -> Int {
        shape.reduce(1) { product, size in
            let (count, overflow) = product.multipliedReportingOverflow(by: size)
            require(size >= 0 && !overflow, "an initialiser was asked for the shape \(shape)")
            return count
        }
    }

    /// A shape folded into a matrix: all dimensions but the last are rows. A vector is one row.
    static func matrixSize(_ shape: [Int]) -> (rows: Int, columns: Int) {
        (elementCount(Array(shape.dropLast())), shape.last ?? 1)
    }
}
