import Testing

@testable import Recurrent
@testable import RecurrentPictures

@Suite struct GeometryTests {
    @Test func wishesThatFitAreKept() {
        #expect(spaced([1, 5, 9], distances: [0, 2, 2]) == [1, 5, 9])
    }

    /// Three at one place: the middle one stays, the others give way alike.
    @Test func crowdsAreSpread() {
        #expect(spaced([4, 4, 4, 20], distances: [0, 3, 3, 3]) == [1, 4, 7, 20])
    }

    @Test func weightsDecideWhoGivesWay() {
        #expect(spaced([0, 0], distances: [0, 4], weights: [3, 1]) == [-1, 3])
    }

    @Test func boundsHold() {
        #expect(spaced([0, 0, 10], distances: [0, 2, 2], within: 0...11) == [0, 2, 10])
        #expect(spaced([9, 10], distances: [0, 2], within: 0...10) == [8, 10])
        #expect(spaced([], distances: [], within: 0...1) == [])
    }

    /// No small change of the places is nearer to the wishes.
    @Test func placesAreTheNearest() {
        var random = RandomSource(seed: 3, operation: 1)
        for _ in 0..<50 {
            let wishes = random.uniform(count: 7).map { Double($0) * 20 }
            let distances = random.uniform(count: 7).map { Double($0) * 4 }
            let places = spaced(wishes, distances: distances)
            func cost(_ places: [Double]) -> Double {
                zip(places, wishes).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            for (index, place) in places.enumerated().dropFirst() {
                #expect(place - places[index - 1] >= distances[index] - 1e-9)
            }
            for first in places.indices {
                for last in first..<places.count {
                    for change in [-1e-3, 1e-3] {
                        var others = places
                        for index in first...last { others[index] += change }
                        let isAllowed = others.indices.dropFirst().allSatisfy {
                            others[$0] - others[$0 - 1] >= distances[$0] - 1e-9
                        }
                        let isWorse = cost(others) > cost(places)
                        #expect(!isAllowed || isWorse)
                    }
                }
            }
        }
    }

    @Test func textsAreCutAndWrapped() {
        let lettering = Lettering(size: 10)
        #expect(lettering.cut("short", to: 100) == "short")
        let cut = lettering.cut("a name that is much too long", to: 60)
        #expect(cut.hasSuffix("…"))
        #expect(cut.count > 5)
        #expect(lettering.width(of: cut) <= 60)
        let lines = lettering.wrap("a name that is much too long for a line", to: 80, lines: 2)
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { lettering.width(of: $0) <= 80 })
        #expect(lettering.wrap("", to: 80, lines: 2).isEmpty)
        #expect(lettering.width(of: "漢字") > lettering.width(of: "il"))
    }

    @Test func numbersAreShort() {
        #expect(
            [0, 1, -1, 0.04, -0.04, 0.25, -0.5, 12.34, .nan, .infinity].map(Drawing.number)
                == ["0", "1", "-1", "0", "0", ".3", "-.5", "12.3", "0", "0"])
    }
}
