/// The three parts that data is divided into.
public struct Parts<Part> {
    /// What is trained on.
    public var training: Part
    /// What chooses the best weights.
    public var validation: Part
    /// What takes part in no choice, and shows how good the result is.
    public var test: Part

    /// Puts parts together.
    public init(training: Part, validation: Part, test: Part) {
        self.training = training
        self.validation = validation
        self.test = test
    }

    /// The same parts of something else.
    public func map<Other>(_ transform: (Part) throws -> Other) rethrows -> Parts<Other> {
        Parts<Other>(
            training: try transform(training), validation: try transform(validation), test: try transform(test))
    }
}

extension Parts {
    /// What a trained model is evaluated on, and what messages call it: the test part, or where it is empty the
    /// validation part, or else that for training.
    public func evaluation(isEmpty: (Part) -> Bool) -> (part: Part, name: String) {
        if !isEmpty(test) { return (test, "the test part") }
        return isEmpty(validation) ? (training, "the training part") : (validation, "the validation part")
    }
}

extension Parts where Part: Collection {
    /// What a trained model is evaluated on, and what messages call it.
    public var evaluation: (part: Part, name: String) { evaluation(isEmpty: \.isEmpty) }
}

extension Parts: Sendable where Part: Sendable {}
extension Parts: Equatable where Part: Equatable {}
