extension Initializer {
    /// A matrix whose shorter side is orthonormal, times a gain (Saxe et al., 2013); further dimensions are folded
    /// into the rows.
    ///
    /// It is the Q of a normal matrix's QR decomposition with R's diagonal made positive, which makes every orthogonal
    /// matrix equally likely.
    public static func orthogonal(gain: Float = 1) -> Initializer {
        Initializer { shape, random in
            let (rows, columns) = matrixSize(shape)
            let (long, short) = (max(rows, columns), min(rows, columns))
            guard short > 0 else { return [] }
            let normal = random.normal(count: long * short)
            // The drawn matrix is [long, short]; its columns are kept one after another, so that loops are contiguous.
            var basis = [Double](unsafeUninitializedCapacity: long * short) { buffer, initialized in
                for column in 0..<short {
                    for row in 0..<long {
                        buffer.initializeElement(at: column * long + row, to: Double(normal[row * short + column]))
                    }
                }
                initialized = long * short
            }
            orthonormalize(&basis, length: long)
            var values = [Float](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for column in 0..<columns {
                    let index = rows >= columns ? column * long + row : row * long + column
                    values[row * columns + column] = gain * Float(basis[index])
                }
            }
            return values
        }
    }

    /// Makes vectors orthonormal in their order by the modified method of Gram and Schmidt.
    ///
    /// Every vector is projected twice: once is not accurate where the vectors are nearly dependent, as in a square
    /// random matrix. Lengths are divided by and never negated, which is a positive diagonal of R.
    private static func orthonormalize(_ vectors: inout [Double], length: Int) {
        let count = vectors.count / length
        vectors.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<count {
                let vector = base + index * length
                for _ in 0..<2 {
                    for other in 0..<index {
                        let direction = base + other * length
                        subtract(direction, times: dot(direction, vector, length), from: vector, length)
                    }
                }
                let norm = dot(vector, vector, length).squareRoot()
                guard norm > 0 else { continue }
                for position in 0..<length { vector[position] /= norm }
            }
        }
    }

    private static func dot(_ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, _ length: Int) -> Double {
        // Eight sums side by side, because a single one waits for every addition to end.
        var sums = SIMD8<Double>.zero
        var position = 0
        while position + 8 <= length {
            let left = UnsafeRawPointer(first + position).loadUnaligned(as: SIMD8<Double>.self)
            sums += left * UnsafeRawPointer(second + position).loadUnaligned(as: SIMD8<Double>.self)
            position += 8
        }
        var sum = sums.sum()
        while position < length {
            sum += first[position] * second[position]
            position += 1
        }
        return sum
    }

    private static func subtract(
        _ direction: UnsafePointer<Double>, times factor: Double, from vector: UnsafeMutablePointer<Double>,
        _ length: Int
    ) {
        for position in 0..<length { vector[position] -= factor * direction[position] }
    }
}
