/// A mixture of bivariate Gaussians and a Bernoulli end of stroke: what a network's outputs of one step stand for.
///
/// The outputs are the end's logit, and then, each for all M components: the logits of their weights, their means in x,
/// their means in y, the logarithms of their deviations in x, of those in y, and their correlations before tanh.
public struct MixtureDensity: Sendable {
    /// One bivariate Gaussian.
    package struct Component: Equatable, Sendable {
        /// The probability of being drawn from.
        package var weight: Float
        /// The means of the movements to the right and downwards.
        package var mean: SIMD2<Float>
        /// Their standard deviations.
        package var deviation: SIMD2<Float>
        /// Their correlation.
        package var correlation: Float
    }

    /// The components.
    package let components: [Component]
    /// The probability that the stroke ends.
    package let end: Float

    /// The bounds of the logarithms of deviations, and of correlations before tanh: those of the kernel.
    private static let logDeviationBound: Float = 10
    private static let correlationBound: Float = 5

    /// The number of outputs for so many components.
    public static func outputWidth(components: Int) -> Int { 6 * components + 1 }

    static func components(width: Int) -> Int {
        require(
            width >= 7 && width % 6 == 1, "\(width) outputs are no mixture density: 6 for each component and 1 expected"
        )
        return width / 6
    }

    /// The density that outputs stand for.
    ///
    /// - Parameters:
    ///   - outputs: `6 M + 1` numbers.
    ///   - bias: How strongly likely movements are preferred, 0 or more: deviations are divided by e^bias, and logits
    ///     of weights multiplied by 1 + bias (Graves 2013, equations 61 and 62).
    public init(outputs: some Collection<Float>, bias: Float = 0) {
        let row = Array(outputs)
        let count = Self.components(width: row.count)
        func value(_ part: Int, _ index: Int) -> Float { row[1 + part * count + index] }
        func bounded(_ x: Float, _ bound: Float) -> Float { min(max(x, -bound), bound) }
        let logits = Tensor((0..<count).map { value(0, $0) * (1 + bias) })
        let weights = logits.softmax().values
        let deviations = Tensor((0..<2 * count).map { bounded(value(3, $0), Self.logDeviationBound) - bias }).exp()
            .values
        let correlations = Tensor((0..<count).map { bounded(value(5, $0), Self.correlationBound) }).tanh().values
        components = (0..<count).map { index in
            Component(
                weight: weights[index], mean: [value(1, index), value(2, index)],
                deviation: [deviations[index], deviations[count + index]], correlation: correlations[index])
        }
        end = Tensor([row[0]]).sigmoid().values[0]
    }

    /// Draws a movement, and whether the stroke ends with it.
    ///
    /// - Parameter random: Gives a word for the component, two normal numbers, and a word for the end.
    /// - Throws: `RecurrentError` where the outputs were not finite.
    public func draw(_ random: inout RandomSource) throws -> (movement: SIMD2<Float>, endsStroke: Bool) {
        let chosen = components[try random.categorical(weights: components.map(\.weight))]
        let normal = random.normal(count: 2)
        let rest = max(0, 1 - chosen.correlation * chosen.correlation).squareRoot()
        let dx = chosen.mean.x + chosen.deviation.x * normal[0]
        let dy = chosen.mean.y + chosen.deviation.y * (chosen.correlation * normal[0] + rest * normal[1])
        guard dx.isFinite, dy.isFinite, end.isFinite else {
            throw RecurrentError("a mixture density gives the movement \(dx), \(dy); expected finite numbers")
        }
        return ([dx, dy], Float(random.unitInterval()) < end)
    }
}
