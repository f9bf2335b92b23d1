import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct DivisionTests {
    private func all(_ places: Parts<[Int]>) -> [Int] { (places.training + places.validation + places.test).sorted() }

    @Test func everyExampleStandsInOnePart() throws {
        let division = try Division(validationFraction: 0.2, testFraction: 0.1, seed: 4)
        for count in [0, 1, 2, 9, 10, 103] {
            let places = division.places(count: count)
            #expect(all(places) == Array(0..<count))
            #expect(places.training == places.training.sorted())
            #expect(count == 0 || !places.training.isEmpty)
            #expect(division.places(count: count) == places)
        }
        let places = division.places(count: 103)
        #expect(places.test.count == 10 && places.validation.count == 21)
        #expect(try Division(validationFraction: 0.2, testFraction: 0.1, seed: 5).places(count: 103) != places)
    }

    /// The permutation is that of the seed: the test's examples first, and those for validation after them.
    @Test func whatIsDrawnFollowsFromTheSeed() throws {
        var random = RandomSource(seed: 4)
        let order = random.permutation(20)
        let places = try Division(validationFraction: 0.2, testFraction: 0.1, seed: 4).places(count: 20)
        #expect(places.test == order[..<2].sorted() && places.validation == order[2..<6].sorted())
    }

    @Test func groupsStayTogether() throws {
        let groups = (0..<60).map { "\($0 * 7 % 20)" }
        let places = try Division(validationFraction: 0.25, testFraction: 0.25, seed: 1).places(groups: groups)
        #expect(all(places) == Array(0..<60))
        let parts = places.map { Set($0.map { groups[$0] }) }
        #expect(parts.validation.count == 5 && parts.test.count == 5)
        #expect(parts.training.isDisjoint(with: parts.validation.union(parts.test)))
        #expect(parts.validation.isDisjoint(with: parts.test))
    }

    @Test func classesAreDividedInTheSameShares() throws {
        let classes = Array(repeating: 0, count: 40) + Array(repeating: 2, count: 20) + [1]
        let places = try Division(validationFraction: 0.25, testFraction: 0.25, seed: 3).places(classes: classes)
        #expect(all(places) == Array(0..<61))
        let counts = places.map { part in (0..<3).map { label in part.count { classes[$0] == label } } }
        #expect(counts.training == [20, 1, 10] && counts.validation == [10, 0, 5] && counts.test == [10, 0, 5])
    }

    @Test func successivePartsFollowOneAnother() throws {
        let places = try Division(validationFraction: 0.25, testFraction: 0.1, seed: 0).successivePlaces(count: 10)
        #expect(places == Parts(training: 0..<7, validation: 7..<9, test: 9..<10))
        let none = try Division(validationFraction: 0, seed: 0).successivePlaces(count: 10)
        #expect(none == Parts(training: 0..<10, validation: 10..<10, test: 10..<10))
        #expect(try Division(validationFraction: 0.5, seed: 0).successivePlaces(count: 0).validation.isEmpty)
    }

    @Test func partsOfTheirOwnAreNotDivided() throws {
        let division = try Division(validationFraction: 0.2, testFraction: 0.2, seed: 1)
        func parts(validation: [Int]? = nil, test: [Int]? = nil) -> Parts<[Int]> {
            division.parts(of: Array(0..<10), validation: validation, test: test) { $0.places(count: 10) }
        }
        #expect(parts() == division.places(count: 10))
        let own = parts(validation: [77], test: [88])
        #expect(own == Parts(training: Array(0..<10), validation: [77], test: [88]))
        let test = parts(test: [88])
        #expect(test.training.count == 8 && test.validation.count == 2 && test.test == [88])
    }

    @Test func whatIsEvaluatedIsTheTestPartWhereThereIsOne() {
        #expect(Parts(training: [1], validation: [2], test: [3]).evaluation == ([3], "the test part"))
        #expect(Parts(training: [1], validation: [2], test: []).evaluation == ([2], "the validation part"))
        #expect(Parts(training: [1], validation: [], test: []).evaluation == ([1], "the training part"))
    }

    @Test(arguments: [(-0.1, 0.1), (1, 0), (2, 0), (0.5, 0.5), (0.1, -0.1), (.nan, 0), (0, .nan), (.infinity, 0)])
    func absurdSharesAreRefused(_ validation: Double, _ test: Double) {
        #expect(throws: RecurrentError.self) {
            try Division(validationFraction: validation, testFraction: test, seed: 1)
        }
    }
}
