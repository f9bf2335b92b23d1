import Foundation

/// Conversions from random words, bit for bit as in TensorFlow's `random_distributions.h`.
enum RandomConversion {
    /// 23 random bits as a number in [0, 1).
    @inline(__always)
    static func uniform(_ word: UInt32) -> Float {
        Float(bitPattern: (word & 0x7f_ffff) | (127 << 23)) - 1
    }

    /// Two independent standard normal numbers from two words (Box and Muller), the sine first.
    @inline(__always)
    static func normalPair(_ word0: UInt32, _ word1: UInt32) -> (Float, Float) {
        let radius = (-2 * logf(max(uniform(word0), 1e-7))).squareRoot()
        // TensorFlow multiplies by M_PI, a double, and rounds the product.
        let angle = Float(2 * Double.pi * Double(uniform(word1)))
        return (sinf(angle) * radius, cosf(angle) * radius)
    }
}

extension RandomSource {
    /// Draws numbers that are uniform in [0, 1), as TensorFlow's `random_uniform`.
    ///
    /// - Parameter count: How many; a negative count is a mistake of the programmer and stops the program.
    /// - Returns: `count` values with 23 random bits each.
    public mutating func uniform(count: Int) -> [Float] {
        fill(count: count) { words in
            SIMD4(
                RandomConversion.uniform(words[0]), RandomConversion.uniform(words[1]),
                RandomConversion.uniform(words[2]), RandomConversion.uniform(words[3]))
        }
    }

    /// Draws numbers that are uniform in [lower, upper), as TensorFlow's `random_uniform(minval, maxval)`.
    ///
    /// - Returns: `count` values, each `u * (upper - lower) + lower` in single precision.
    public mutating func uniform(count: Int, from lower: Float, to upper: Float) -> [Float] {
        let width = upper - lower
        var values = uniform(count: count)
        for index in values.indices { values[index] = values[index] * width + lower }
        return values
    }

    /// Draws normally distributed numbers, as TensorFlow's `random_normal`.
    ///
    /// - Returns: `count` values; pairs of words become pairs of values by the method of Box and Muller.
    public mutating func normal(count: Int, mean: Float = 0, standardDeviation: Float = 1) -> [Float] {
        fill(count: count) { words in
            let (first, second) = RandomConversion.normalPair(words[0], words[1])
            let (third, fourth) = RandomConversion.normalPair(words[2], words[3])
            return SIMD4(first, second, third, fourth) * standardDeviation + mean
        }
    }

    /// Draws normally distributed numbers, drawing again those further than two standard deviations from the mean,
    /// as TensorFlow's `truncated_normal`.
    ///
    /// Every four values have 256 groups of the stream to themselves (TensorFlow's CPU kernel reserves 256 words for
    /// a value), and the stream moves on by as many.
    ///
    /// - Returns: `count` values within two standard deviations of the mean.
    public mutating func truncatedNormal(count: Int, mean: Float = 0, standardDeviation: Float = 1) -> [Float] {
        require(count >= 0, "truncatedNormal: the count is \(count); expected 0 or more")
        skipBegunGroup()
        var values: [Float] = []
        values.reserveCapacity(count)
        while values.count < count {
            var output = self
            let end = min(values.count + 4, count)
            while values.count < end {
                let word0 = output.next()
                let (first, second) = RandomConversion.normalPair(word0, output.next())
                if abs(first) < 2 { values.append(first * standardDeviation + mean) }
                if abs(second) < 2, values.count < end { values.append(second * standardDeviation + mean) }
            }
            group &+= 256
        }
        return values
    }

    /// Draws true with a probability, independently `count` times.
    ///
    /// - Parameter probability: Of true; 0 and less give only false, 1 and more only true.
    public mutating func bernoulli(count: Int, probability: Float) -> [Bool] {
        uniform(count: count).map { $0 < probability }
    }

    /// Draws an index with a probability proportional to its weight. Consumes one word.
    ///
    /// - Parameter weights: Not negative, finite, not all zero; they need not add up to 1.
    /// - Throws: `RecurrentError` where the weights are not so.
    public mutating func categorical(weights: [Float]) throws -> Int {
        var total = 0.0
        for (index, weight) in weights.enumerated() {
            guard weight >= 0, weight.isFinite else {
                throw RecurrentError("weight \(index) of a random choice is \(weight); expected 0 or a positive number")
            }
            total += Double(weight)
        }
        guard total > 0 else {
            throw RecurrentError("a random choice among \(weights.count) weights has none that is positive")
        }
        var remaining = unitInterval() * total
        var last = 0
        for (index, weight) in weights.enumerated() where weight > 0 {
            last = index
            remaining -= Double(weight)
            if remaining < 0 { break }
        }
        return last
    }

    /// Draws a random order of the numbers from 0 to n - 1, every order being equally likely.
    ///
    /// - Parameter n: How many numbers; 0 and less give an empty order.
    public mutating func permutation(_ n: Int) -> [Int] {
        guard n > 0 else { return [] }
        var order = Array(0..<n)
        var last = n - 1
        while last > 0 {
            order.swapAt(last, Int(below(UInt64(last) + 1)))
            last -= 1
        }
        return order
    }

    /// Draws one number that is uniform in [0, 1) and has 32 random bits.
    package mutating func unitInterval() -> Double {
        Double(next()) * 0x1p-32
    }

    /// Draws a whole number from 0 to bound - 1 without bias (Lemire, "Fast random integer generation", 2019).
    package mutating func below(_ bound: UInt64) -> UInt64 {
        if bound <= UInt64(UInt32.max) {
            let threshold = (UInt64(1) << 32) % bound
            while true {
                let product = UInt64(next()) * bound
                if product & 0xffff_ffff >= threshold { return product >> 32 }
            }
        }
        let threshold = (0 &- bound) % bound
        while true {
            let high = UInt64(next())
            let product = (high << 32 | UInt64(next())).multipliedFullWidth(by: bound)
            if product.low >= threshold { return product.high }
        }
    }

    /// Fills an array group by group.
    @inline(__always)
    private mutating func fill(count: Int, _ convert: (SIMD4<UInt32>) -> SIMD4<Float>) -> [Float] {
        require(count >= 0, "a random fill has the count \(count); expected 0 or more")
        skipBegunGroup()
        let key = key
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let values = convert(Philox.block(counter: counter(group), key: key))
                group &+= 1
                var lane = 0
                while lane < 4 && initialized < count {
                    buffer.initializeElement(at: initialized, to: values[lane])
                    initialized += 1
                    lane += 1
                }
            }
        }
    }
}
