/// What can be divided, and may have files of its own for validation and test.
package protocol SeparableExamples: Sendable {
    /// The number of examples.
    var count: Int { get }
    /// Divides the examples.
    func divided(by division: Division) -> Parts<Self>
}

/// Data with what was read from files of its validation and test parts, where these have any.
public struct SeparableData<Whole: Sendable>: Sendable {
    /// What is divided, and trained on.
    package let whole: Whole
    /// What chooses the best weights in place of a share of the whole.
    package let validation: Whole?
    /// What the result is evaluated on in place of a share of the whole.
    package let test: Whole?

    package init(_ whole: Whole, validation: Whole? = nil, test: Whole? = nil) {
        (self.whole, self.validation, self.test) = (whole, validation, test)
    }
}

extension SeparableData where Whole: SeparableExamples {
    /// The parts: of what has no file of its own, a share of the whole.
    package func divided(by division: Division) -> Parts<Whole> {
        division.parts(of: whole, validation: validation, test: test) { whole.divided(by: $0) }
    }
}
