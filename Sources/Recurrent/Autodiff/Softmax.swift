import CKernels

extension Tensor {
    private func rowsAndColumns() -> (Int, Int) {
        require(rank >= 1 && shape[rank - 1] > 0, "softmax needs a last axis, which \(shape) lacks")
        return (count / shape[rank - 1], shape[rank - 1])
    }

    /// e^x over its sum along the last axis.
    public func softmax() -> Tensor {
        let (rows, columns) = rowsAndColumns()
        let y = Tensor(uninitialized: shape, precision: precision)
        kernels.softmax(pointer, y.pointerForWriting, Int64(rows), Int64(columns))
        return y.recorded(from: self) { gradient in
            let product = elementwise(CK_MULTIPLY, gradient, y)
            let total = product.reduced(CK_SUM, along: [y.rank - 1])
            return elementwise(CK_SUBTRACT, product, elementwise(CK_MULTIPLY, y, total))
        }
    }

    /// The logarithm of the softmax along the last axis.
    public func logSoftmax() -> Tensor {
        let (rows, columns) = rowsAndColumns()
        let y = Tensor(uninitialized: shape, precision: precision)
        kernels.log_softmax(pointer, y.pointerForWriting, Int64(rows), Int64(columns))
        return y.recorded(from: self) { gradient in
            let total = gradient.reduced(CK_SUM, along: [y.rank - 1])
            return elementwise(CK_SUBTRACT, gradient, elementwise(CK_MULTIPLY, elementwise(CK_EXP, y), total))
        }
    }
}
