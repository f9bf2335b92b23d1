import Testing

import Recurrent

/// Normal numbers, each exact in single precision: the same in both precisions.
package func noise(_ shape: [Int], _ seed: UInt64, scale: Float = 1, precision: Precision = .double) -> Tensor {
    var random = RandomSource(seed: seed, operation: 77)
    let values = random.normal(count: elementCount(shape)).map { $0 * scale }
    return Tensor(values, shape: shape).converted(to: precision)
}

/// Token ids in 0..<count.
package func tokens(_ shape: [Int], below count: Int, _ seed: UInt64) -> IntegerTensor {
    var random = RandomSource(seed: seed, operation: 78)
    return IntegerTensor(random.uniform(count: elementCount(shape)).map { Int32($0 * Float(count)) }, shape: shape)
}

/// The largest difference of an element, relative to the larger of 1 and the largest element expected; infinite where
/// shapes differ or a number is not finite on one side only.
package func difference(_ found: Tensor, _ expected: Tensor) -> Double {
    guard found.shape == expected.shape else { return .infinity }
    return difference(found.doubles, expected.doubles)
}

package func difference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    var size = 1.0
    var largest = 0.0
    for index in found.indices {
        let (a, b) = (found[index], expected[index])
        if b.isFinite && abs(b) > size { size = abs(b) }
        if a == b { continue }
        let apart = abs(a - b)
        if !apart.isFinite { return .infinity }
        if apart > largest { largest = apart }
    }
    return largest / size
}

/// The elements' bits: equal only where every element is the same, zeros' signs and NaN included.
package func bits(_ tensor: Tensor) -> [UInt64] { tensor.doubles.map(\.bitPattern) }

/// A scalar that depends on every element of a tensor with another weight.
package func weighted(_ tensor: Tensor, _ seed: UInt64 = 99) -> Tensor {
    (tensor * noise(tensor.shape, seed, precision: tensor.precision)).sum()
}
