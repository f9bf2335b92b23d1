import CKernels

extension Tensor {
    /// The rows of this table `[count, width...]` that `indices` name: shape `[indices..., width...]`.
    public func gather(_ indices: IntegerTensor) -> Tensor {
        require(rank >= 1, "a scalar has no rows")
        for index in indices.values {
            require(index >= 0 && Int(index) < shape[0], "row \(index) lies outside the shape \(shape)")
        }
        let own = shape
        let width = elementCount(Array(shape.dropFirst()))
        let result = Tensor(uninitialized: indices.shape + shape.dropFirst(), precision: precision)
        kernels.gather_rows(pointer, indices.values, Int64(indices.count), Int64(width), result.pointerForWriting)
        guard let link else { return result }
        return result.recorded(inputs: [link]) { flow in
            flow.addRows(flow.gradient, indices.values, shape: own, to: 0)
        }
    }
}
