/// Sets elements to zero at random in training, and scales the others so that their expectation stays (Srivastava et
/// al. 2014). Outside training it does nothing.
public struct Dropout: Sendable {
    /// The probability that an element is dropped.
    let probability: Float
    private let random: RandomSource?

    /// Makes a layer with a random stream of its own.
    public init(probability: Float, _ binder: inout Binder) {
        self.init(probability: probability, random: binder.randomStream())
    }

    /// Makes a layer that draws from the given source, or does nothing without one.
    init(probability: Float, random: RandomSource?) {
        require(probability >= 0 && probability < 1, "a dropout probability of \(probability) is not in 0..<1")
        self.probability = probability
        self.random = random
    }

    /// The elements kept, scaled by 1/(1 - probability). One value of this type draws one mask: the same for every
    /// tensor of one shape.
    public func callAsFunction(_ x: Tensor) -> Tensor { mask(x.shape).map { x * $0 } ?? x }

    /// What elements of a tensor of the shape are multiplied by, 0 or the scale; nil where nothing is dropped.
    func mask(_ shape: [Int]) -> Tensor? {
        guard var random, probability > 0 else { return nil }
        let scale = 1 / (1 - probability)
        let factors = random.uniform(count: elementCount(shape)).map { $0 < probability ? 0 : scale }
        return Tensor(factors, shape: shape)
    }
}
