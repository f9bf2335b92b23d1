import CKernels

/// How two shapes meet in an element-wise operation: trailing axes are matched, and an extent of 1, or a missing axis,
/// is repeated.
struct Broadcast {
    let shape: [Int]
    let left: [Int64]
    let right: [Int64]

    init(_ a: [Int], _ b: [Int]) {
        let rank = max(a.count, b.count)
        var shape = [Int](repeating: 1, count: rank)
        var left = [Int64](repeating: 0, count: rank)
        var right = left
        var leftStride = 1
        var rightStride = 1
        for axis in (0..<rank).reversed() {
            let i = axis - (rank - a.count)
            let j = axis - (rank - b.count)
            let m = i >= 0 ? a[i] : 1
            let n = j >= 0 ? b[j] : 1
            require(m == n || m == 1 || n == 1, "the shapes \(a) and \(b) cannot be broadcast together")
            shape[axis] = m == 1 ? n : m
            left[axis] = m == 1 ? 0 : Int64(leftStride)
            right[axis] = n == 1 ? 0 : Int64(rightStride)
            leftStride *= m
            rightStride *= n
        }
        require(rank <= Int(CK_MAXIMUM_RANK), "tensors have at most \(CK_MAXIMUM_RANK) axes")
        self.shape = shape
        self.left = left
        self.right = right
    }
}

/// The element-wise result, without a record. Single precision meets double as double.
func elementwise(_ operation: ck_binary, _ a: Tensor, _ b: Tensor) -> Tensor {
    let precision: Precision = a.precision == .double || b.precision == .double ? .double : .single
    let a = a.converted(to: precision)
    let b = b.converted(to: precision)
    if a.shape == b.shape {
        let result = Tensor(uninitialized: a.shape, precision: precision)
        var one: Int64 = 1
        var count = Int64(result.count)
        result.kernels.binary(operation, a.pointer, &one, b.pointer, &one, result.pointerForWriting, &count, 1)
        return result
    }
    let broadcast = Broadcast(a.shape, b.shape)
    let result = Tensor(uninitialized: broadcast.shape, precision: precision)
    let extents = broadcast.shape.map(Int64.init)
    result.kernels.binary(
        operation, a.pointer, broadcast.left, b.pointer, broadcast.right, result.pointerForWriting, extents,
        Int32(extents.count))
    return result
}

func elementwise(_ operation: ck_unary, _ a: Tensor) -> Tensor {
    let result = Tensor(uninitialized: a.shape, precision: a.precision)
    result.kernels.unary(operation, a.pointer, result.pointerForWriting, Int64(a.count))
    return result
}

extension Tensor {
    /// The sum over the axes along which `shape` was broadcast to this tensor's shape: a gradient's way back.
    func summed(to shape: [Int]) -> Tensor {
        if self.shape == shape { return self }
        let missing = rank - shape.count
        let axes = (0..<rank).filter { $0 < missing || (shape[$0 - missing] == 1 && self.shape[$0] != 1) }
        return reduced(CK_SUM, along: axes).withShape(shape)
    }

    /// The same elements under another shape of as many elements, without a record.
    func withShape(_ shape: [Int]) -> Tensor { Tensor(storage: storage, offset: offset, shape: shape) }

    /// The reduction over some axes, which stay with extent 1; without a record.
    func reduced(_ reduction: ck_reduction, along axes: [Int]) -> Tensor {
        var result = self.detached()
        var remaining = axes.sorted()
        // Neighbouring axes are reduced in one pass.
        while let last = remaining.popLast() {
            var first = last
            while remaining.last == first - 1 {
                first -= 1
                remaining.removeLast()
            }
            var shape = result.shape
            let outer = elementCount(Array(shape[..<first]))
            let middle = elementCount(Array(shape[first...last]))
            let inner = elementCount(Array(shape[(last + 1)...]))
            for axis in first...last { shape[axis] = 1 }
            let next = Tensor(uninitialized: shape, precision: precision)
            kernels.reduce(
                reduction, result.pointer, next.pointerForWriting, Int64(outer), Int64(middle), Int64(inner))
            result = next
        }
        return result
    }
}
