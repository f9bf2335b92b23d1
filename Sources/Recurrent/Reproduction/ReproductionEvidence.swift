/// What a row of `rnn reproduce` found, beside what was expected.
public enum ReproductionEvidence: Sendable, Equatable {
    /// Numbers that must come out as printed.
    case numbers([NumberComparison])
    /// What networks trained from different seeds spell: so many at least must spell what is expected.
    case texts(expected: String, got: [SpelledText], needed: Int)
    /// Errors that must not be larger than their bounds.
    case errors([BoundedError])
    /// Nothing, for lack of what is named.
    case skipped(reason: String)

    /// How a row came out.
    public enum Verdict: String, Sendable {
        /// As expected.
        case pass
        /// Not as expected.
        case fail
        /// Not computed.
        case skipped
    }

    /// Whether the row came out as expected.
    public var verdict: Verdict {
        switch self {
        case .numbers(let comparisons):
            !comparisons.isEmpty && comparisons.allSatisfy(\.isWithinTolerance) ? .pass : .fail
        case .texts(_, let got, let needed): got.count(where: \.isExpected) >= needed ? .pass : .fail
        case .errors(let errors): !errors.isEmpty && errors.allSatisfy(\.isWithinBound) ? .pass : .fail
        case .skipped: .skipped
        }
    }
}

/// Computed numbers beside expected ones.
public struct NumberComparison: Sendable, Equatable {
    /// What the numbers are.
    public let title: String
    /// What the notes print, or what a definition demands.
    public let expected: [Double]
    /// What was computed.
    public let got: [Double]
    /// By how much a number may differ.
    public let tolerance: Double

    /// Makes a comparison.
    public init(_ title: String, expected: [Double], got: [Double], tolerance: Double = 1e-5) {
        self.title = title
        self.expected = expected
        self.got = got
        self.tolerance = tolerance
    }

    /// The place of the number that differs most, a NaN before all others; nil without numbers.
    public var worstPlace: Int? {
        zip(expected, got).map { $0 == $1 ? 0 : abs($0 - $1) }.enumerated()
            .max { ($0.element.isNaN ? .infinity : $0.element) < ($1.element.isNaN ? .infinity : $1.element) }?.offset
    }

    /// The largest difference; NaN where a number is NaN, or is missing or too many.
    public var largestDifference: Double {
        guard expected.count == got.count else { return .nan }
        return worstPlace.map { expected[$0] == got[$0] ? 0 : abs(expected[$0] - got[$0]) } ?? 0
    }

    /// Whether every number is there, and differs by no more than the tolerance.
    public var isWithinTolerance: Bool { !expected.isEmpty && largestDifference <= tolerance }
}

/// What a network trained from one seed spells.
public struct SpelledText: Sendable, Equatable {
    /// The seed of the network's parameters.
    public let seed: UInt64
    /// The most likely characters.
    public let text: String
    /// Whether that is what was expected.
    public let isExpected: Bool
}

/// An error of trained networks: the median of several seeds'.
public struct BoundedError: Sendable, Equatable {
    /// What the error is.
    public let title: String
    /// How large it may be; nil where it only stands beside others.
    public let bound: Double?
    /// What was computed, a number for every seed, in their order; or one that has nothing to do with seeds.
    public let got: [Double]

    /// Makes an error.
    public init(_ title: String, bound: Double?, got: [Double]) {
        self.title = title
        self.bound = bound
        self.got = got
    }

    /// The median, the upper of two; NaN where there are no numbers or one is NaN.
    public var median: Double {
        guard !got.isEmpty, !got.contains(where: \.isNaN) else { return .nan }
        return got.sorted()[got.count / 2]
    }

    /// Whether it is a number and not larger than the bound.
    public var isWithinBound: Bool { bound.map { median <= $0 } ?? median.isFinite }
}
