/// How far the gradients of a function are from numerical ones.
public struct GradientCheck: Sendable {
    /// The largest difference of an element, relative to the larger of 1 and the gradient's size.
    public let largestError: Double
    /// The input and the element where it stands.
    public let place: (input: Int, element: Int)
    /// The gradient found by walking back, there.
    public let gradient: Double
    /// The central difference, there.
    public let numerical: Double
}

/// Compares the gradients of `function`, a scalar of some tensors, with central differences, in double precision.
///
/// The inputs are converted to double precision and everything computed from them is double too, so a correct gradient
/// agrees to about 1e-8. Tensors that the function uses beside its inputs are taken as they are.
/// - Parameter step: The distance of the two points of a central difference from the middle.
public func checkGradients(
    at inputs: [Tensor], step: Double = 1e-5, of function: ([Tensor]) -> Tensor
) -> GradientCheck {
    let exact = inputs.map { $0.detached().converted(to: .double) }
    let tracked = exact.map { $0.tracked() }
    let found = gradients(of: function(tracked), withRespectTo: tracked).map(\.doubles)
    var worst = GradientCheck(largestError: 0, place: (0, 0), gradient: 0, numerical: 0)
    for (input, tensor) in exact.enumerated() {
        let values = tensor.doubles
        for element in values.indices {
            func value(_ shift: Double) -> Double {
                var moved = values
                moved[element] += shift
                var arguments = exact
                arguments[input] = Tensor(moved, shape: tensor.shape)
                return function(arguments).doubles[0]
            }
            let numerical = (value(step) - value(-step)) / (2 * step)
            let gradient = found[input][element]
            let error = abs(gradient - numerical) / Swift.max(1, abs(gradient), abs(numerical))
            if !(error <= worst.largestError) {
                worst = GradientCheck(
                    largestError: error.isNaN ? .infinity : error, place: (input, element), gradient: gradient,
                    numerical: numerical)
            }
        }
    }
    return worst
}
