import CKernels

extension Tensor {
    /// e to the power of every element.
    package func exp() -> Tensor {
        let y = elementwise(CK_EXP, detached())
        return y.recorded(from: self) { elementwise(CK_MULTIPLY, $0, y) }
    }

    /// The natural logarithm of every element.
    package func log() -> Tensor {
        let x = detached()
        return elementwise(CK_LOG, x).recorded(from: self) { elementwise(CK_DIVIDE, $0, x) }
    }

    /// The square root of every element.
    package func sqrt() -> Tensor {
        let y = elementwise(CK_SQRT, detached())
        return y.recorded(from: self) { elementwise(CK_SQRT_GRADIENT, $0, y) }
    }

    /// The square of every element.
    public func squared() -> Tensor {
        let x = detached()
        return elementwise(CK_SQUARE, x).recorded(from: self) { gradient in
            elementwise(CK_MULTIPLY, gradient, elementwise(CK_ADD, x, x))
        }
    }

    /// The absolute value of every element. At 0 the gradient is 0.
    public var magnitude: Tensor {
        let x = detached()
        return elementwise(CK_ABSOLUTE, x).recorded(from: self) { gradient in
            let zero = Tensor.zeros([], precision: x.precision)
            let sign = elementwise(
                CK_SUBTRACT, elementwise(CK_GREATER, x, zero), elementwise(CK_GREATER, zero, x))
            return elementwise(CK_MULTIPLY, gradient, sign)
        }
    }

    /// The hyperbolic tangent of every element.
    package func tanh() -> Tensor {
        let y = elementwise(CK_TANH, detached())
        return y.recorded(from: self) { elementwise(CK_TANH_GRADIENT, $0, y) }
    }

    /// The logistic sigmoid, 1/(1 + e^-x), of every element.
    package func sigmoid() -> Tensor {
        let y = elementwise(CK_SIGMOID, detached())
        return y.recorded(from: self) { elementwise(CK_SIGMOID_GRADIENT, $0, y) }
    }

    /// The rectified linear unit, max(x, 0), of every element. At 0 the gradient is 0.
    package func relu() -> Tensor {
        let y = elementwise(CK_RELU, detached())
        return y.recorded(from: self) { elementwise(CK_RELU_GRADIENT, $0, y) }
    }

    /// log(1 + e^x) of every element, without overflow.
    package func softplus() -> Tensor {
        let x = detached()
        return elementwise(CK_SOFTPLUS, x).recorded(from: self) { gradient in
            elementwise(CK_MULTIPLY, gradient, elementwise(CK_SIGMOID, x))
        }
    }

    /// Every element brought within `low...high`. Outside, the gradient is 0.
    public func clamped(to range: ClosedRange<Float>) -> Tensor {
        let (low, high) = (range.lowerBound, range.upperBound)
        let x = detached()
        let result = Tensor(uninitialized: shape, precision: precision)
        kernels.clip(x.pointer, result.pointerForWriting, Double(low), Double(high), Int64(count))
        return result.recorded(from: self) { gradient in
            let kept = elementwise(
                CK_MULTIPLY,
                elementwise(CK_GREATER, x, .full(Double(low), shape: [], precision: x.precision)),
                elementwise(CK_GREATER, .full(Double(high), shape: [], precision: x.precision), x))
            return elementwise(CK_MULTIPLY, gradient, kept)
        }
    }

    /// The same elements; the gradient flowing back through is clipped, element by element, to +-`bound`.
    ///
    /// Graves 2013 clips so the gradients of the gates' net inputs inside a recurrence.
    public func clippingGradient(to bound: Float) -> Tensor {
        withShape(shape).recorded(from: self) { gradient in gradient.clamped(to: -bound...bound) }
    }
}

/// The hyperbolic tangent of every element.
public func tanh(_ x: Tensor) -> Tensor { x.tanh() }
/// The logistic sigmoid of every element.
public func sigmoid(_ x: Tensor) -> Tensor { x.sigmoid() }
/// The rectified linear unit of every element.
public func relu(_ x: Tensor) -> Tensor { x.relu() }
/// e to the power of every element.
public func exp(_ x: Tensor) -> Tensor { x.exp() }
/// The natural logarithm of every element.
public func log(_ x: Tensor) -> Tensor { x.log() }
/// The square root of every element.
public func sqrt(_ x: Tensor) -> Tensor { x.sqrt() }
/// log(1 + e^x) of every element.
public func softplus(_ x: Tensor) -> Tensor { x.softplus() }
