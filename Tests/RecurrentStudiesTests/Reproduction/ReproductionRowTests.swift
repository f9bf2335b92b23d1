import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentStudies

@Suite struct ReproductionRowTests {
    /// The rows that train nothing and need no data.
    static let quick = [
        "hand-written", "static-rnn", "static-rnn-one-input", "dynamic-rnn", "static-rnn-2018",
        "dynamic-rnn-lengths-2018", "sequence-loss", "lstm-lengths",
    ]

    private func row(_ name: String) throws -> ReproductionRow {
        try #require(ReproductionRow.all.first { $0.name == name })
    }

    @Test(arguments: quick)
    func printedNumbersComeOut(name: String) throws {
        guard case .numbers(let comparisons) = try row(name).evidence() else {
            Issue.record("\(name) has no numbers")
            return
        }
        for comparison in comparisons { #expect(comparison.isWithinTolerance, "\(name): \(comparison)") }
        #expect(ReproductionEvidence.numbers(comparisons).verdict == .pass)
    }

    @Test func everyRowIsNamedOnce() {
        let names = ReproductionRow.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(names).isSuperset(of: Self.quick))
    }

    @Test func aWrongExpectationFails() throws {
        for step in 0..<2 {
            for (row, column) in [(0, 3), (1, 0), (3, 4)] {
                var table = TwoStepTable.dynamicRNN
                if step == 0 { table.y0[row][column] += 2e-5 } else { table.y1[row][column] -= 2e-5 }
                let corrupted = TwoSteps.row("corrupted", table) { TwoSteps.tensor(operation: 77) }
                #expect(try corrupted.evidence().verdict == .fail)
            }
        }
        var short = TwoStepTable.dynamicRNN
        short.y1.removeLast()
        #expect(try TwoSteps.row("short", short) { TwoSteps.tensor(operation: 77) }.evidence().verdict == .fail)
        #expect(
            try TwoSteps.row("other weights", .dynamicRNN) { TwoSteps.tensor(operation: 76) }.evidence().verdict
                == .fail)
    }

    @Test func whatIsNoNumberFails() {
        func verdict(_ expected: [Double], _ got: [Double]) -> ReproductionEvidence.Verdict {
            ReproductionEvidence.numbers([NumberComparison("", expected: expected, got: got)]).verdict
        }
        #expect(verdict([1, 2], [1, 2]) == .pass)
        #expect(verdict([1, 2], [1, .nan]) == .fail)
        #expect(verdict([1, 2], [1]) == .fail)
        #expect(verdict([1], [.infinity]) == .fail)
        #expect(verdict([], []) == .fail)
        #expect(ReproductionEvidence.numbers([]).verdict == .fail)
        let comparison = NumberComparison("", expected: [1, 2, 3], got: [1, .nan, 9])
        #expect(comparison.worstPlace == 1 && comparison.largestDifference.isNaN)
    }

    @Test func enoughSeedsMustSpell() {
        let texts = [true, false, true].enumerated().map { index, isRight in
            SpelledText(seed: UInt64(index), text: "", isExpected: isRight)
        }
        #expect(ReproductionEvidence.texts(expected: "", got: texts, needed: 2).verdict == .pass)
        #expect(ReproductionEvidence.texts(expected: "", got: texts, needed: 3).verdict == .fail)
    }

    @Test func theStockWindowNeedsItsData() throws {
        let row = try row("stock-window")
        #expect(row.data == .stockPrices)
        #expect(try row.evidence().verdict == .skipped)
        func evidence(_ text: String) throws -> ReproductionEvidence {
            try withTemporaryDirectory { directory in
                let path = directory + "/prices.csv"
                try Data(text.utf8).write(to: URL(filePath: path))
                return try row.evidence(paths: [.stockPrices: path])
            }
        }
        #expect(throws: RecurrentError.self) { try evidence("1,2,3,4,5\n") }
        let other = (0..<20).map { "\($0),\($0 * $0 % 7),\($0 % 3),\($0 % 5),\($0)" }.joined(separator: "\r\n")
        #expect(try evidence(other).verdict == .fail)
    }

    /// Stories that are made have other numbers than the notes' data.
    @Test func storiesNeedTheirFiles() throws {
        let row = try row("babi-stories")
        #expect(try row.evidence().verdict == .skipped)
        let evidence = try withTemporaryDirectory { directory in
            #expect(message { _ = try row.evidence(paths: [.babi: directory]) }.contains("there is no such file"))
            for part in ["train", "test"] {
                var generator = BabiGenerator(.twoFacts, random: RandomSource(seed: 1))
                let path = directory + "/qa2_two-supporting-facts_\(part).txt"
                try Data(generator.text(stories: 5).utf8).write(to: URL(filePath: path))
            }
            return try row.evidence(paths: [.babi: directory])
        }
        guard case .numbers(let numbers) = evidence else {
            Issue.record("no numbers")
            return
        }
        #expect(numbers.map(\.expected) == [[35], [552], [5]])
        #expect(numbers[2].got == [5] && numbers[1].got[0] < 552 && evidence.verdict == .fail)
    }

    @Test func mediansMustNotBeAboveTheirBounds() {
        func verdict(_ bound: Double?, _ got: [Double]) -> ReproductionEvidence.Verdict {
            let measurement = BoundedMeasurement("", expected: bound.map { 0...$0 }, got: got)
            return ReproductionEvidence.measurements(of: "", [measurement], picture: nil).verdict
        }
        #expect(verdict(2, [9, 1, 2]) == .pass)
        #expect(verdict(1.9, [9, 1, 2]) == .fail)
        #expect(verdict(2, [1, .nan, 1]) == .fail)
        #expect(verdict(2, []) == .fail)
        #expect(verdict(nil, [7]) == .shown)
        #expect(verdict(nil, [.infinity]) == .fail)
    }

    /// The whole airline protocol, on a year of months that are made up.
    @Test func forecastsStandBesideTheNaiveOnes() throws {
        let row = try row("airline")
        #expect(try row.evidence().verdict == .skipped)
        let evidence = try withTemporaryDirectory { directory in
            let path = directory + "/passengers.csv"
            let months = (0..<12).map { "\(100 + 10 * ($0 % 5))" }.joined(separator: "\n")
            try Data(months.utf8).write(to: URL(filePath: path))
            return try row.evidence(paths: [.airlinePassengers: path])
        }
        guard case .measurements(_, let errors, _) = evidence else {
            Issue.record("no measurements")
            return
        }
        #expect(errors.map(\.expected?.upperBound) == [24.5, 51, nil, nil, nil, nil])
        #expect(errors.map(\.got.count) == [5, 5, 5, 5, 1, 1])
    }

    @Test func windowsOfALesson() {
        let lesson = NextCharacterLesson("abcad", window: 3)
        #expect(lesson.vocabulary == ["a", "b", "c", "d"])
        #expect(lesson.inputs == IntegerTensor([0, 1, 1, 2, 2, 0], shape: [3, 2]))
        #expect(lesson.targets == IntegerTensor([1, 2, 2, 0, 0, 3], shape: [3, 2]))
    }

    @Test func aLessonIsLearned() {
        let lesson = NextCharacterLesson("abcd", window: 3)
        let predictions = lesson.predictions(
            seed: 1, optimizer: Adam(learningRate: 0.1), steps: 100,
            network: { NextCharacterLesson.basicLSTMCell(inputSize: 4, hiddenSize: 4, &$0) },
            logits: { $0.unroll($1).outputs })
        #expect(predictions == ["bcd"])
    }

    @Test func measurementsMustLieWithinTheirBounds() {
        func verdict(_ numbers: [Double]) -> ReproductionEvidence.Verdict {
            let all = numbers.map { BoundedMeasurement("", expected: 0...1, got: [$0]) }
            return ReproductionEvidence.measurements(of: "", all, picture: nil).verdict
        }
        #expect(verdict([0, 0.5, 1]) == .pass)
        #expect(verdict([0, 1.1]) == .fail)
        #expect(verdict([0, .nan]) == .fail)
        #expect(verdict([]) == .fail)
    }

    @Test func gradientsVanishExplodeAndStay() throws {
        let evidence = try row("gradient-norms").evidence()
        guard case .measurements(_, let measurements, let picture) = evidence else {
            Issue.record("gradient-norms has no measurements")
            return
        }
        #expect(evidence.verdict == .pass, "\(measurements)")
        let chart = try #require(picture as? LineChart)
        #expect(chart.series.map(\.name) == measurements.map(\.title))
        #expect(chart.series.allSatisfy { $0.y.count == 100 && $0.y.allSatisfy(\.isFinite) })
        try checkPicture(chart)
    }
}
