/// Token ids or class labels: whole numbers with a shape, never differentiated.
public struct IntegerTensor: Sendable, Equatable {
    /// The elements in row-major order.
    public let values: [Int32]
    /// The extent of every axis.
    public let shape: [Int]

    /// Makes a tensor of the given shape; the number of values must be the product of the extents.
    public init(_ values: [Int32], shape: [Int]) {
        require(
            values.count == elementCount(shape), "\(values.count) values cannot fill the shape \(shape)")
        self.values = values
        self.shape = shape
    }

    /// Makes a vector of numbers that fit 32 bits.
    public init(_ values: [Int]) {
        self.init(
            values.map { value in
                guard let small = Int32(exactly: value) else { fatalError("\(value) does not fit 32 bits") }
                return small
            })
    }

    /// Makes a vector.
    @_disfavoredOverload
    public init(_ values: [Int32]) { self.init(values, shape: [values.count]) }

    /// The number of elements.
    public var count: Int { values.count }

    /// The same elements in another shape of as many elements.
    public func reshaped(_ shape: [Int]) -> IntegerTensor { IntegerTensor(values, shape: shape) }

    /// The one-hot encoding: shape `[..., depth]`, 1 where the last index equals the element; zeros for an element of
    /// -1.
    ///
    /// A product of it with a matrix is computed as a gather of rows, and only other uses fill it in. Where there is an
    /// element of -1 it is filled in at once.
    public func oneHot(depth: Int) -> Tensor {
        for value in values {
            require(value >= -1 && value < depth, "\(value) has no one-hot encoding of depth \(depth)")
        }
        guard values.contains(-1) else {
            return Tensor(storage: Storage(oneHot: values, depth: depth), offset: 0, shape: shape + [depth])
        }
        var elements = [Float](repeating: 0, count: count * depth)
        for (row, value) in values.enumerated() where value >= 0 { elements[row * depth + Int(value)] = 1 }
        return Tensor(elements, shape: shape + [depth])
    }
}

/// The number of elements of a shape.
@inline(__always)
package func elementCount(_ shape: [Int]) -> Int {
    var count = 1
    for extent in shape { count *= extent }
    return count
}
