import CKernels

extension Tensor {
    /// The same elements under another shape; one extent may be -1 and is then worked out.
    public func reshaped(_ shape: [Int]) -> Tensor {
        var target = shape
        if let free = target.firstIndex(of: -1) {
            let rest = elementCount(target.filter { $0 != -1 })
            target[free] = rest == 0 ? 0 : count / rest
        }
        require(elementCount(target) == count, "a tensor of shape \(self.shape) cannot be reshaped to \(shape)")
        if target == self.shape { return self }
        let own = self.shape
        return withShape(target).recorded(from: self) { $0.withShape(own) }
    }

    /// The axes in another order: axis i of the result is axis `order[i]` of this tensor. The default reverses them.
    public func transposed(_ order: [Int]? = nil) -> Tensor {
        let order = order ?? Array((0..<rank).reversed())
        require(order.sorted() == Array(0..<rank), "\(order) is no order of the axes of \(shape)")
        var inverse = order
        for (place, axis) in order.enumerated() { inverse[axis] = place }
        let back = inverse
        return permuted(order).recorded(from: self) { $0.permuted(back) }
    }

    private func permuted(_ order: [Int]) -> Tensor {
        var strides = [Int64](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * Int64(shape[axis + 1])
        }
        let result = Tensor(uninitialized: order.map { shape[$0] }, precision: precision)
        kernels.copy_strided(
            pointer, order.map { strides[$0] }, result.pointerForWriting, result.shape.map(Int64.init), Int32(rank))
        return result
    }

    /// The part of an axis within `range`. Along the first axis no element is copied.
    public func slice(axis: Int = 0, _ range: Range<Int>) -> Tensor {
        require(axis >= 0 && axis < rank, "a tensor of shape \(shape) has no axis \(axis)")
        require(
            range.lowerBound >= 0 && range.upperBound <= shape[axis],
            "the range \(range) lies outside axis \(axis) of the shape \(shape)")
        let own = shape
        let part: Tensor
        if axis == 0 {
            let inner = elementCount(Array(shape.dropFirst()))
            let target = [range.count] + shape.dropFirst()
            if let oneHot, rank >= 2 {
                let width = oneHot.count / Swift.max(1, shape[0])
                let indices = Array(oneHot[range.lowerBound * width..<range.upperBound * width])
                part = Tensor(storage: Storage(oneHot: indices, depth: shape[rank - 1]), offset: 0, shape: target)
            } else {
                part = Tensor(storage: storage, offset: offset + range.lowerBound * inner, shape: target)
            }
        } else {
            part = copied(axis: axis, range)
        }
        return part.recorded(from: self) { gradient in gradient.spread(into: own, axis: axis, range) }
    }

    /// Element `index` of the first axis, which falls away.
    public subscript(index: Int) -> Tensor {
        let part = slice(index..<index + 1)
        let flat = Tensor(storage: part.storage, offset: part.offset, shape: Array(shape.dropFirst()))
        let wide = part.shape
        return flat.recorded(from: part) { $0.withShape(wide) }
    }

    /// The elements of the first axis, one tensor each, all in one record: their gradients are put together once, where
    /// as many slices would each fill a tensor of the whole shape.
    public func unstacked() -> [Tensor] {
        require(rank >= 1, "a scalar has no elements along an axis")
        let whole = detached()
        let parts = (0..<shape[0]).map { whole[$0] }
        guard let link else { return parts }
        let own = shape
        let precision = precision
        let node = Node(inputs: [link], outputs: parts.count) { flow in
            let result = Tensor(uninitialized: own, precision: precision)
            let bytes = elementCount(Array(own.dropFirst())) * precision.scalarBytes
            for (index, part) in flow.outputs.enumerated() {
                let place = result.pointerForWriting + index * bytes
                if let part {
                    place.copyMemory(from: part.pointer, byteCount: bytes)
                } else {
                    place.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                }
            }
            flow.add(result, to: 0)
        }
        return parts.enumerated().map { index, part in part.linked(to: node, output: index) }
    }

    private func rows(axis: Int) -> (outer: Int, inner: Int) {
        (elementCount(Array(shape[..<axis])), elementCount(Array(shape[(axis + 1)...])))
    }

    private func copied(axis: Int, _ range: Range<Int>) -> Tensor {
        let (outer, inner) = rows(axis: axis)
        var target = shape
        target[axis] = range.count
        let result = Tensor(uninitialized: target, precision: precision)
        let bytes = precision.scalarBytes
        for row in 0..<outer {
            (result.pointerForWriting + row * range.count * inner * bytes).copyMemory(
                from: pointer + (row * shape[axis] + range.lowerBound) * inner * bytes,
                byteCount: range.count * inner * bytes)
        }
        return result
    }

    /// Zeros of the given shape with this tensor's elements within `range` of an axis.
    private func spread(into target: [Int], axis: Int, _ range: Range<Int>) -> Tensor {
        let result = Tensor.zeros(target, precision: precision)
        let (outer, inner) = rows(axis: axis)
        let bytes = precision.scalarBytes
        for row in 0..<outer {
            (result.pointerForWriting + (row * target[axis] + range.lowerBound) * inner * bytes).copyMemory(
                from: pointer + row * range.count * inner * bytes, byteCount: range.count * inner * bytes)
        }
        return result
    }

    /// The tensors one after the other along an axis; the other extents must be equal.
    public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        require(!tensors.isEmpty, "nothing to concatenate")
        let first = tensors[0]
        require(axis >= 0 && axis < first.rank, "a tensor of shape \(first.shape) has no axis \(axis)")
        var shape = first.shape
        shape[axis] = 0
        for tensor in tensors {
            var other = tensor.shape
            require(other.count == shape.count, "the shapes \(first.shape) and \(tensor.shape) differ in rank")
            shape[axis] += other[axis]
            other[axis] = first.shape[axis]
            require(
                other == first.shape, "\(first.shape) and \(tensor.shape) cannot be joined along axis \(axis)")
        }
        let precision: Precision = tensors.contains { $0.precision == .double } ? .double : .single
        let parts = tensors.map { $0.converted(to: precision) }
        let result = Tensor(uninitialized: shape, precision: precision)
        let (outer, inner) = result.rows(axis: axis)
        let bytes = precision.scalarBytes
        var begin = 0
        var ranges: [Range<Int>] = []
        for part in parts {
            let width = part.shape[axis]
            for row in 0..<outer {
                (result.pointerForWriting + (row * shape[axis] + begin) * inner * bytes).copyMemory(
                    from: part.pointer + row * width * inner * bytes, byteCount: width * inner * bytes)
            }
            ranges.append(begin..<begin + width)
            begin += width
        }
        let links = parts.map(\.link)
        guard links.contains(where: { $0 != nil }) else { return result }
        return result.recorded(inputs: links) { [ranges] flow in
            let gradient = flow.gradient
            for (index, range) in ranges.enumerated() { flow.add(gradient.slice(axis: axis, range), to: index) }
        }
    }

    /// The tensors, all of one shape, along a new axis.
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        concatenated(
            tensors.map { tensor in
                var shape = tensor.shape
                shape.insert(1, at: axis)
                return tensor.reshaped(shape)
            }, axis: axis)
    }

    /// The tensor cut along an axis into pieces of the given extents, which must add up to the axis; all in one record,
    /// as `unstacked()`.
    public func split(axis: Int, _ extents: [Int]) -> [Tensor] {
        require(
            extents.reduce(0, +) == shape[axis], "\(extents) does not add up to axis \(axis) of the shape \(shape)")
        let whole = detached()
        var begin = 0
        let parts = extents.map { extent in
            defer { begin += extent }
            return whole.slice(axis: axis, begin..<begin + extent)
        }
        guard let link else { return parts }
        let shapes = parts.map(\.shape)
        let precision = precision
        let node = Node(inputs: [link], outputs: parts.count) { flow in
            let gradients = zip(flow.outputs, shapes).map { $0 ?? .zeros($1, precision: precision) }
            flow.add(.concatenated(gradients, axis: axis), to: 0)
        }
        return parts.enumerated().map { index, part in part.linked(to: node, output: index) }
    }

    /// The tensor cut along an axis into `count` equal pieces.
    public func split(axis: Int, count: Int) -> [Tensor] {
        require(
            count > 0 && shape[axis] % count == 0, "axis \(axis) of \(shape) cannot be cut into \(count) pieces")
        return split(axis: axis, Array(repeating: shape[axis] / count, count: count))
    }
}

extension Tensor {
    /// A sequence `[batch, time, features]` with time first, or one with time first as `[batch, time, features]`.
    public func swappingTimeAndBatch() -> Tensor { transposed([1, 0] + Array(2..<Swift.max(2, rank))) }
}
