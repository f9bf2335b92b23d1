import CKernels

extension Tensor {
    private func axes(_ given: [Int]?) -> [Int] {
        guard let given else { return Array(0..<rank) }
        return Set(
            given.map { axis in
                let place = axis < 0 ? axis + rank : axis
                require(place >= 0 && place < rank, "a tensor of shape \(shape) has no axis \(axis)")
                return place
            }
        ).sorted()
    }

    private func dropping(_ axes: [Int]) -> [Int] { shape.indices.filter { !axes.contains($0) }.map { shape[$0] } }

    /// The sum over all elements, or over some axes, which then fall away. Negative axes count from the last.
    public func sum(along axes: [Int]? = nil) -> Tensor {
        let axes = self.axes(axes)
        let result = reduced(CK_SUM, along: axes)
        let wide = result.shape
        let full = shape
        return result.withShape(dropping(axes)).recorded(from: self) { gradient in
            gradient.withShape(wide).broadcast(to: full)
        }
    }

    /// The mean over all elements, or over some axes, which then fall away.
    public func mean(along axes: [Int]? = nil) -> Tensor {
        let number = self.axes(axes).reduce(1) { $0 * shape[$1] }
        return sum(along: axes) / Float(number)
    }

    /// The largest element, or the largest along some axes, which then fall away. Where several are largest, the
    /// gradient is divided evenly among them.
    public func max(along axes: [Int]? = nil) -> Tensor {
        let axes = self.axes(axes)
        let result = reduced(CK_MAX, along: axes)
        let wide = result.shape
        let x = detached()
        return result.withShape(dropping(axes)).recorded(from: self) { gradient in
            let winners = elementwise(CK_EQUAL, x, result)
            let shares = elementwise(CK_DIVIDE, winners, winners.reduced(CK_SUM, along: axes))
            return elementwise(CK_MULTIPLY, shares, gradient.withShape(wide))
        }
    }

    /// The index of the largest element along the last axis, the first where several are largest.
    public func argmax() -> IntegerTensor {
        require(rank > 0 && shape[rank - 1] > 0, "a tensor of shape \(shape) has no largest element")
        let columns = shape[rank - 1]
        let values = self.values
        let indices = (0..<values.count / columns).map { row in
            var best = row * columns
            for place in row * columns..<(row + 1) * columns where values[place] > values[best] { best = place }
            return Int32(best - row * columns)
        }
        return IntegerTensor(indices, shape: Array(shape.dropLast()))
    }
}
