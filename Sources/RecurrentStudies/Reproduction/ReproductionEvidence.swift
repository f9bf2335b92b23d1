import RecurrentPictures

/// What a row of `rnn reproduce` found, beside what was expected.
package enum ReproductionEvidence: Sendable {
    /// Numbers that must come out as printed.
    case numbers([NumberComparison])
    /// What networks trained from different seeds spell: so many at least must spell what is expected.
    case texts(expected: String, got: [SpelledText], needed: Int)
    /// Measurements of one quantity that must lie within bounds, and their picture where there is one.
    case measurements(of: String, [BoundedMeasurement], picture: (any SVGPicture)?)
    /// Nothing, for lack of what is named.
    case skipped(reason: String)

    /// How a row came out.
    package enum Verdict: String, Sendable {
        /// As expected.
        case pass
        /// Not as expected.
        case fail
        /// Computed, with nothing to hold it against.
        case shown
        /// Not computed.
        case skipped
    }

    /// Whether the row came out as expected.
    package var verdict: Verdict {
        switch self {
        case .numbers(let comparisons):
            !comparisons.isEmpty && comparisons.allSatisfy(\.isWithinTolerance) ? .pass : .fail
        case .texts(_, let got, let needed): got.count(where: \.isExpected) >= needed ? .pass : .fail
        case .measurements(_, let all, _):
            if all.isEmpty || !all.allSatisfy(\.isWithinBounds) {
                .fail
            } else {
                all.contains { $0.expected != nil } ? .pass : .shown
            }
        case .skipped: .skipped
        }
    }
}

/// Computed numbers beside expected ones.
package struct NumberComparison: Sendable, Equatable {
    /// What the numbers are.
    package let title: String
    /// What the notes print, or what a definition demands.
    package let expected: [Double]
    /// What was computed.
    package let got: [Double]
    /// By how much a number may differ.
    package let tolerance: Double

    /// Makes a comparison.
    package init(_ title: String, expected: [Double], got: [Double], tolerance: Double = 1e-5) {
        self.title = title
        self.expected = expected
        self.got = got
        self.tolerance = tolerance
    }

    /// The place of the number that differs most, a NaN before all others; nil without numbers.
    package var worstPlace: Int? {
        zip(expected, got).map { $0 == $1 ? 0 : abs($0 - $1) }.enumerated()
            .max { ($0.element.isNaN ? .infinity : $0.element) < ($1.element.isNaN ? .infinity : $1.element) }?.offset
    }

    /// The largest difference; NaN where a number is NaN, or is missing or too many.
    package var largestDifference: Double {
        guard expected.count == got.count else { return .nan }
        return worstPlace.map { expected[$0] == got[$0] ? 0 : abs(expected[$0] - got[$0]) } ?? 0
    }

    /// Whether every number is there, and differs by no more than the tolerance.
    package var isWithinTolerance: Bool { !expected.isEmpty && largestDifference <= tolerance }
}

/// What a network trained from one seed spells.
package struct SpelledText: Sendable, Equatable {
    /// The seed of the network's parameters.
    package let seed: UInt64
    /// The most likely characters.
    package let text: String
    /// Whether that is what was expected.
    package let isExpected: Bool
}
