/// Where a rule that divides by a root adds what keeps the division finite.
public enum EpsilonPlace: Sendable {
    /// sqrt(v) + epsilon, as in PyTorch.
    case afterRoot
    /// sqrt(v + epsilon), as in Graves 2013, TensorFlow and Keras.
    case insideRoot

    func inside(_ epsilon: Float) -> Double { self == .insideRoot ? Double(epsilon) : 0 }

    func outside(_ epsilon: Float) -> Double { self == .afterRoot ? Double(epsilon) : 0 }
}
