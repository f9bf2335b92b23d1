import CKernels

extension Tensor {
    /// A result of two tensors, with the gradient of each before summing over broadcast axes.
    private static func recorded(
        _ result: Tensor, _ a: Tensor, _ b: Tensor,
        left: @escaping @Sendable (Tensor) -> Tensor, right: @escaping @Sendable (Tensor) -> Tensor
    ) -> Tensor {
        if a.link == nil && b.link == nil { return result }
        let leftShape = a.shape
        let rightShape = b.shape
        let leftPrecision = a.precision
        let rightPrecision = b.precision
        return result.recorded(inputs: [a.link, b.link]) { flow in
            let gradient = flow.gradient
            flow.add(left(gradient).summed(to: leftShape).converted(to: leftPrecision), to: 0)
            flow.add(right(gradient).summed(to: rightShape).converted(to: rightPrecision), to: 1)
        }
    }

    /// The element-wise sum, with broadcasting.
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        recorded(elementwise(CK_ADD, a, b), a, b, left: { $0 }, right: { $0 })
    }

    /// The element-wise difference, with broadcasting.
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        recorded(elementwise(CK_SUBTRACT, a, b), a, b, left: { $0 }, right: { elementwise(CK_NEGATE, $0) })
    }

    /// The element-wise product, with broadcasting.
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        let x = a.detached()
        let y = b.detached()
        return recorded(
            elementwise(CK_MULTIPLY, a, b), a, b,
            left: { elementwise(CK_MULTIPLY, $0, y) }, right: { elementwise(CK_MULTIPLY, $0, x) })
    }

    /// The element-wise quotient, with broadcasting.
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        let y = b.detached()
        let quotient = elementwise(CK_DIVIDE, a, b)
        return recorded(
            quotient, a, b,
            left: { elementwise(CK_DIVIDE, $0, y) },
            right: { gradient in
                let scaled = elementwise(CK_MULTIPLY, gradient, quotient)
                return elementwise(CK_NEGATE, elementwise(CK_DIVIDE, scaled, y))
            })
    }

    /// The negated elements.
    public static prefix func - (a: Tensor) -> Tensor {
        elementwise(CK_NEGATE, a).recorded(from: a) { elementwise(CK_NEGATE, $0) }
    }

    private func scalar(_ value: Float) -> Tensor { .full(Double(value), shape: [], precision: precision) }

    /// The sum with a number.
    public static func + (a: Tensor, b: Float) -> Tensor { a + a.scalar(b) }
    /// The sum with a number.
    public static func + (a: Float, b: Tensor) -> Tensor { b.scalar(a) + b }
    /// The difference to a number.
    public static func - (a: Tensor, b: Float) -> Tensor { a - a.scalar(b) }
    /// The difference of a number and every element.
    public static func - (a: Float, b: Tensor) -> Tensor { b.scalar(a) - b }
    /// The product with a number.
    public static func * (a: Tensor, b: Float) -> Tensor { a * a.scalar(b) }
    /// The product with a number.
    public static func * (a: Float, b: Tensor) -> Tensor { b.scalar(a) * b }
    /// The quotient by a number.
    public static func / (a: Tensor, b: Float) -> Tensor { a / a.scalar(b) }
    /// The quotient of a number by every element.
    public static func / (a: Float, b: Tensor) -> Tensor { b.scalar(a) / b }
}

/// The larger of two tensors' elements, with broadcasting. Where they are equal, the gradient goes to the second.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { select(a .> b, a, b) }

/// The smaller of two tensors' elements, with broadcasting. Where they are equal, the gradient goes to the first.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { select(a .> b, b, a) }

infix operator .> : ComparisonPrecedence
infix operator .== : ComparisonPrecedence

extension Tensor {
    /// 1 where the left element is larger, 0 elsewhere, with broadcasting. No gradient flows through.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_GREATER, a, b) }
    /// 1 where the elements are equal, 0 elsewhere, with broadcasting. No gradient flows through.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { elementwise(CK_EQUAL, a, b) }
}

/// `a` where the condition is not 0, `b` elsewhere; all three are broadcast together. No gradient flows to the
/// condition, and none to the side that was not chosen.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = Broadcast(Broadcast(condition.shape, a.shape).shape, b.shape).shape
    let precision: Precision = a.precision == .double || b.precision == .double ? .double : .single
    let mask = condition.detached().converted(to: precision).broadcast(to: shape)
    let x = a.converted(to: precision)
    let y = b.converted(to: precision)
    func choose(_ a: Tensor, _ b: Tensor) -> Tensor {
        let a = a.broadcast(to: shape)
        let b = b.broadcast(to: shape)
        let result = Tensor(uninitialized: shape, precision: precision)
        result.kernels.select(mask.pointer, a.pointer, b.pointer, result.pointerForWriting, Int64(result.count))
        return result
    }
    let result = choose(x.detached(), y.detached())
    if x.link == nil && y.link == nil { return result }
    let left = x.shape
    let right = y.shape
    let zero = Tensor.zeros(shape, precision: precision)
    return result.recorded(inputs: [x.link, y.link]) { flow in
        let gradient = flow.gradient
        func part(_ a: Tensor, _ b: Tensor) -> Tensor {
            let result = Tensor(uninitialized: shape, precision: precision)
            result.kernels.select(mask.pointer, a.pointer, b.pointer, result.pointerForWriting, Int64(result.count))
            return result
        }
        flow.add(part(gradient, zero).summed(to: left), to: 0)
        flow.add(part(zero, gradient).summed(to: right), to: 1)
    }
}

extension Tensor {
    /// The elements repeated along broadcast axes, without a record.
    func broadcast(to shape: [Int]) -> Tensor {
        if self.shape == shape { return detached() }
        let plan = Broadcast(self.shape, shape)
        require(plan.shape == shape, "the shape \(self.shape) cannot be broadcast to \(shape)")
        let result = Tensor(uninitialized: shape, precision: precision)
        kernels.copy_strided(pointer, plan.left, result.pointerForWriting, shape.map(Int64.init), Int32(shape.count))
        return result
    }
}
