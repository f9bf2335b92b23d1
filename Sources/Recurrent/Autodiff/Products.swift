import CKernels

extension Tensor {
    /// The packed right operand of a product: this matrix, or its transpose.
    func packed(depth: Int, columns: Int, transposed: Bool) -> Storage {
        let rowStride = transposed ? 1 : columns
        let columnStride = transposed ? depth : 1
        let key = Storage.PackKey(
            offset: offset, rows: depth, columns: columns,
            form: .matrix(rowStride: rowStride, columnStride: columnStride))
        let count = Int(kernels.packed_count(Int64(depth), Int64(columns)))
        return storage.pack(key, count: count) { memory in
            kernels.pack_matrix(
                pointer, Int64(rowStride), Int64(columnStride), Int64(depth), Int64(columns), memory)
        }
    }

    /// The matrix product. A second operand of rank 2 multiplies all rows of the first: `[..., k] x [k, n]` gives
    /// `[..., n]`. With more axes both are stacks of matrices: `[..., m, k] x [..., k, n]` gives `[..., m, n]`.
    public func matmul(_ other: Tensor) -> Tensor {
        let precision: Precision = precision == .double || other.precision == .double ? .double : .single
        let a = converted(to: precision)
        let b = other.converted(to: precision)
        require(
            a.rank >= 1 && b.rank >= 2 && a.shape[a.rank - 1] == b.shape[b.rank - 2],
            "a matrix product of the shapes \(shape) and \(other.shape) does not exist")
        return b.rank == 2 ? rowsTimesMatrix(a, b) : stackedProduct(a, b)
    }
}

/// c (+)= op(a) . op(b) for single matrices in memory.
struct MatrixProduct {
    var rows: Int
    var columns: Int
    var depth: Int
    var transposedLeft = false

    func run(
        _ a: Tensor, packed b: Storage, bias: Tensor? = nil, into c: UnsafeMutableRawPointer, accumulate: Bool = false
    ) {
        var product = ck_product(
            rows: Int64(rows), columns: Int64(columns), depth: Int64(depth), a: a.pointer,
            a_stride: Int64(transposedLeft ? rows : depth), transposed_a: transposedLeft ? 1 : 0, b: b.pointer,
            bias: bias?.pointer, c: c, c_stride: Int64(columns),
            accumulate: accumulate ? 1 : 0)
        a.kernels.product(&product)
    }
}

/// `x w + bias` for x `[..., k]`, w `[k, n]`, bias `[n]`.
func affine(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    guard x.oneHot == nil, x.precision == weight.precision, bias.precision == weight.precision, weight.rank == 2,
        x.rank >= 1, bias.shape == [weight.shape[1]], x.shape[x.rank - 1] == weight.shape[0]
    else { return x.matmul(weight) + bias }
    let (depth, columns) = (weight.shape[0], weight.shape[1])
    let rows = depth == 0 ? elementCount(Array(x.shape.dropLast())) : x.count / depth
    let result = Tensor(uninitialized: x.shape.dropLast() + [columns], precision: x.precision)
    let a = x.detached()
    let b = weight.detached()
    MatrixProduct(rows: rows, columns: columns, depth: depth).run(
        a, packed: b.packed(depth: depth, columns: columns, transposed: false), bias: bias,
        into: result.pointerForWriting)
    let links = [x.link, weight.link, bias.link]
    guard links.contains(where: { $0 != nil }) else { return result }
    return result.recorded(inputs: links) { flow in
        let gradient = flow.gradient
        addProductGradients(&flow, gradient, a, b, rows: rows)
        flow.accumulate(into: 2, shape: [columns], precision: gradient.precision) { pointer, adds in
            let sum = gradient.withShape([rows, columns]).reduced(CK_SUM, along: [0])
            if adds {
                sum.kernels.add_scaled(pointer, sum.pointer, 1, Int64(columns))
            } else {
                pointer.copyMemory(from: sum.pointer, byteCount: columns * sum.precision.scalarBytes)
            }
        }
    }
}

/// The gradients of a (input 0, `[rows, k]`) and b (input 1, `[k, n]`) of a product whose gradient is known.
private func addProductGradients(
    _ flow: inout GradientFlow, _ gradient: Tensor, _ a: Tensor, _ b: Tensor, rows: Int
) {
    let (depth, columns) = (b.shape[0], b.shape[1])
    if flow.wants(0) {
        flow.accumulate(into: 0, shape: a.shape, precision: a.precision) { pointer, adds in
            MatrixProduct(rows: rows, columns: depth, depth: columns).run(
                gradient, packed: b.packed(depth: columns, columns: depth, transposed: true), into: pointer,
                accumulate: adds)
        }
    }
    if let indices = a.oneHot {
        flow.addRows(gradient, indices, shape: b.shape, to: 1)
    } else if flow.wants(1) {
        flow.accumulate(into: 1, shape: b.shape, precision: b.precision) { pointer, adds in
            MatrixProduct(rows: depth, columns: columns, depth: rows, transposedLeft: true).run(
                a, packed: gradient.packed(depth: rows, columns: columns, transposed: false), into: pointer,
                accumulate: adds)
        }
    }
}

private func rowsTimesMatrix(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let (depth, columns) = (weight.shape[0], weight.shape[1])
    let rows = elementCount(Array(x.shape.dropLast()))
    let result = Tensor(uninitialized: x.shape.dropLast() + [columns], precision: x.precision)
    let a = x.detached()
    let b = weight.detached()
    if let indices = a.oneHot {
        b.kernels.gather_rows(b.pointer, indices, Int64(rows), Int64(columns), result.pointerForWriting)
    } else {
        MatrixProduct(rows: rows, columns: columns, depth: depth).run(
            a, packed: b.packed(depth: depth, columns: columns, transposed: false), into: result.pointerForWriting)
    }
    if x.link == nil && weight.link == nil { return result }
    return result.recorded(inputs: [x.link, weight.link]) { flow in
        addProductGradients(&flow, flow.gradient, a, b, rows: rows)
    }
}

/// Matrix by matrix over the leading axes, which must be equal.
private func stackedProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
    let lead = Array(a.shape.dropLast(2))
    require(
        a.rank == b.rank && lead == Array(b.shape.dropLast(2)),
        "stacks of matrices must agree in their leading axes: \(a.shape) and \(b.shape)")
    let (rows, depth, columns) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    let stack = elementCount(lead)
    let x = a.detached()
    let y = b.detached()
    let result = Tensor(uninitialized: lead + [rows, columns], precision: a.precision)
    for index in 0..<stack {
        let right = y.matrix(index, depth, columns)
        MatrixProduct(rows: rows, columns: columns, depth: depth).run(
            x.matrix(index, rows, depth), packed: right.packed(depth: depth, columns: columns, transposed: false),
            into: result.matrix(index, rows, columns).pointerForWriting)
    }
    if a.link == nil && b.link == nil { return result }
    return result.recorded(inputs: [a.link, b.link]) { flow in
        let gradient = flow.gradient
        flow.accumulate(into: 0, shape: x.shape, precision: x.precision) { pointer, adds in
            for index in 0..<stack {
                let right = y.matrix(index, depth, columns)
                MatrixProduct(rows: rows, columns: depth, depth: columns).run(
                    gradient.matrix(index, rows, columns),
                    packed: right.packed(depth: columns, columns: depth, transposed: true),
                    into: pointer + index * rows * depth * x.precision.scalarBytes, accumulate: adds)
            }
        }
        flow.accumulate(into: 1, shape: y.shape, precision: y.precision) { pointer, adds in
            for index in 0..<stack {
                let above = gradient.matrix(index, rows, columns)
                MatrixProduct(rows: depth, columns: columns, depth: rows, transposedLeft: true).run(
                    x.matrix(index, rows, depth),
                    packed: above.packed(depth: rows, columns: columns, transposed: false),
                    into: pointer + index * depth * columns * x.precision.scalarBytes, accumulate: adds)
            }
        }
    }
}

extension Tensor {
    fileprivate func matrix(_ index: Int, _ rows: Int, _ columns: Int) -> Tensor {
        Tensor(storage: storage, offset: offset + index * rows * columns, shape: [rows, columns])
    }
}
