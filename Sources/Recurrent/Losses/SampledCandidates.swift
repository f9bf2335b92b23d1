import Foundation

/// Classes that were drawn to stand for all others in `sampledSoftmaxLoss`, and how often each was to be expected.
public struct SampledCandidates: Sendable {
    /// The classes drawn: `[samples]`, shared by all labels of a batch.
    package let classes: IntegerTensor
    /// How often each of them was to be expected in such a draw: as many numbers above 0.
    let expectedCounts: [Double]
    /// How often each label was to be expected in it, in the labels' order.
    let labelExpectedCounts: [Double]

    /// Puts a draw together, as TensorFlow's `sampled_values`.
    public init(classes: IntegerTensor, expectedCounts: [Double], labelExpectedCounts: [Double]) {
        require(
            classes.count == expectedCounts.count,
            "\(classes.count) classes drawn, and \(expectedCounts.count) expected counts")
        require(
            (expectedCounts + labelExpectedCounts).allSatisfy { $0 > 0 && $0.isFinite },
            "an expected count is not a positive number")
        self.classes = classes
        self.expectedCounts = expectedCounts
        self.labelExpectedCounts = labelExpectedCounts
    }
}

/// Draws classes that are numbered by falling frequency, as words of a vocabulary are: TensorFlow's
/// `log_uniform_candidate_sampler`.
///
/// The probability of class k of n is log((k + 2) / (k + 1)) / log(n + 1), close to Zipf's law.
public struct LogUniformSampler: Sendable, Equatable {
    /// The number of classes.
    let classes: Int

    /// Makes a sampler of this many classes, 1 or more.
    public init(classes: Int) {
        require(classes >= 1 && classes < Int(Int32.max), "a sampler of \(classes) classes")
        self.classes = classes
    }

    /// The probability of drawing a class in one try.
    package func probability(of index: Int) -> Double {
        require(index >= 0 && index < classes, "there is no class \(index) of \(classes)")
        return log1p(1 / Double(index + 1)) / log(Double(classes) + 1)
    }

    /// Draws until there are `count` different classes (`unique=True`). In as many tries t, class k is expected
    /// 1 - (1 - p(k))^t times.
    public func distinct(_ count: Int, labels: IntegerTensor, random: inout RandomSource) -> SampledCandidates {
        require(count >= 1 && count <= classes, "\(count) different classes of \(classes) cannot be drawn")
        var isDrawn: Set<Int32> = []
        var drawn: [Int32] = []
        var tries = 0
        while drawn.count < count {
            tries += 1
            let next = draw(&random)
            if isDrawn.insert(next).inserted { drawn.append(next) }
        }
        if tries == count { return candidates(drawn, labels) { Double(count) * $0 } }
        return candidates(drawn, labels) { -expm1(Double(tries) * log1p(-$0)) }
    }

    /// Draws `count` times, the same class more than once where it falls so (`unique=False`). Class k is expected
    /// count p(k) times.
    public func withReplacement(
        _ count: Int, labels: IntegerTensor, random: inout RandomSource
    ) -> SampledCandidates {
        require(count >= 1, "\(count) classes cannot be drawn")
        return candidates((0..<count).map { _ in draw(&random) }, labels) { Double(count) * $0 }
    }

    private func draw(_ random: inout RandomSource) -> Int32 {
        Int32(min(classes - 1, Int(exp(random.unitInterval() * log(Double(classes) + 1))) - 1))
    }

    private func candidates(
        _ drawn: [Int32], _ labels: IntegerTensor, expected: (Double) -> Double
    ) -> SampledCandidates {
        func count(_ index: Int32) -> Double { expected(probability(of: Int(index))) }
        return SampledCandidates(
            classes: IntegerTensor(drawn, shape: [drawn.count]), expectedCounts: drawn.map(count),
            labelExpectedCounts: labels.values.map(count))
    }
}
