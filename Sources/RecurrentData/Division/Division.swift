import Recurrent

/// How data is divided into what is trained on, what chooses the best weights, and what shows how good they are.
///
/// Of n examples, n times a fraction, rounded, are drawn for the test and for validation, but so that at least one is
/// left for training. In a permutation of `RandomSource(seed:)` those for the test are first, and those for validation
/// follow. Every part keeps the order of the whole.
public struct Division: Equatable, Sendable {
    /// The share for validation, 0 or more.
    public private(set) var validationFraction: Double
    /// The share for the test, 0 or more; both together are less than 1.
    public private(set) var testFraction: Double
    /// What decides which examples are drawn.
    public let seed: UInt64

    /// Makes a division.
    ///
    /// - Throws: `RecurrentError` naming the fraction that is out of its range.
    public init(validationFraction: Double, testFraction: Double = 0, seed: UInt64) throws {
        try Self.validate(validationFraction: validationFraction, testFraction: testFraction)
        self.validationFraction = validationFraction
        self.testFraction = testFraction
        self.seed = seed
    }

    /// Checks fractions.
    ///
    /// - Throws: `RecurrentError` naming the fraction that is out of its range.
    public static func validate(validationFraction: Double, testFraction: Double = 0) throws {
        try Setting("`validationFraction`", validationFraction).require(
            validationFraction >= 0 && validationFraction < 1, "0 or more and less than 1")
        try Setting("`testFraction`", testFraction).require(
            testFraction >= 0 && validationFraction + testFraction < 1,
            "0 or more, and with `validationFraction` less than 1")
    }

    /// The places of so many examples, any of which may stand in any part.
    public func places(count: Int) -> Parts<[Int]> { places(groups: Array(0..<count)) }

    /// The places of examples of which those with the same key stay together, such as all translations of a sentence.
    /// - Parameter groups: The key of every example; the fractions are those of the distinct keys.
    public func places<Key: Hashable>(groups: [Key]) -> Parts<[Int]> {
        var numbers: [Key: Int] = [:]
        let groups = groups.map { key in
            if let known = numbers[key] { return known }
            numbers[key] = numbers.count
            return numbers.count - 1
        }
        var random = RandomSource(seed: seed)
        let drawn = draw(numbers.count, &random)
        var part = [WritableKeyPath<Parts<[Int]>, [Int]>](repeating: \.training, count: numbers.count)
        for group in drawn.validation { part[group] = \.validation }
        for group in drawn.test { part[group] = \.test }
        var places = Parts<[Int]>(training: [], validation: [], test: [])
        for (place, group) in groups.enumerated() { places[keyPath: part[group]].append(place) }
        return places
    }

    /// The places of examples of which every class is divided in the same shares: a class of one example is trained on
    /// and never tested.
    /// - Parameter classes: The class of every example, from 0; there is a permutation for each, in their order.
    public func places(classes: [Int]) -> Parts<[Int]> {
        var members = Array(repeating: [Int](), count: (classes.max() ?? -1) + 1)
        for (place, label) in classes.enumerated() { members[label].append(place) }
        var random = RandomSource(seed: seed)
        var places = Parts<[Int]>(training: [], validation: [], test: [])
        for members in members where !members.isEmpty {
            let drawn = draw(members.count, &random)
            places.training += drawn.training.map { members[$0] }
            places.validation += drawn.validation.map { members[$0] }
            places.test += drawn.test.map { members[$0] }
        }
        return places.map { $0.sorted() }
    }

    /// The places of examples whose order is one of time: those for validation and then those for the test are the last.
    /// Nothing is drawn, and shares are rounded down, so that runs of before keep their parts.
    public func successivePlaces(count: Int) -> Parts<Range<Int>> {
        let test = Int(Double(count) * testFraction)
        let validation = min(Int(Double(count) * validationFraction), count - test)
        let (learned, chosen) = (count - validation - test, count - test)
        return Parts(training: 0..<learned, validation: learned..<chosen, test: chosen..<count)
    }

    /// The parts of data, of which validation and test may have files of their own: what these hold is not divided.
    /// - Parameters:
    ///   - whole: What is divided, and trained on.
    ///   - validation: What chooses the best weights, in place of a share of the whole; nil for such a share.
    ///   - test: What the result is evaluated on; nil for a share of the whole.
    ///   - divide: Divides the whole.
    public func parts<Whole>(
        of whole: Whole, validation: Whole? = nil, test: Whole? = nil, by divide: (Division) throws -> Parts<Whole>
    ) rethrows -> Parts<Whole> {
        var own = self
        if validation != nil { own.validationFraction = 0 }
        if test != nil { own.testFraction = 0 }
        var parts = try divide(own)
        if let validation { parts.validation = validation }
        if let test { parts.test = test }
        return parts
    }

    private func draw(_ count: Int, _ random: inout RandomSource) -> Parts<ArraySlice<Int>> {
        let order = random.permutation(count)
        func share(_ fraction: Double, atMost most: Int) -> Int {
            min(Int((Double(count) * fraction).rounded()), max(0, most))
        }
        let test = share(testFraction, atMost: count - 1)
        let validation = share(validationFraction, atMost: count - 1 - test)
        return Parts(
            training: order[(test + validation)...], validation: order[test..<test + validation], test: order[..<test])
    }
}
