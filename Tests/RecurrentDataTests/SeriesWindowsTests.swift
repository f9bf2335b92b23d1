import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct SeriesWindowsTests {
    private func series(_ count: Int) -> TimeSeries {
        TimeSeries(names: ["a", "b"], columns: [(0..<count).map(Double.init), (0..<count).map { Double(100 + $0) }])
    }

    @Test func windowsAreTimeMajor() throws {
        let windows = try SeriesWindows(series(6), target: 1, steps: WindowSteps(recent: 3), horizon: 2)
        #expect(windows.count == 2 && windows.predictedRows(1) == 4..<6)
        let batch = windows.batch([1, 0])
        #expect(batch.inputs.shape == [3, 2, 2] && batch.targets.shape == [2, 2])
        #expect(batch.inputs.values == [1, 101, 0, 100, 2, 102, 1, 101, 3, 103, 2, 102])
        #expect(batch.targets.values == [104, 105, 103, 104])
    }

    @Test func olderStepsAreSampled() throws {
        let steps = try WindowSteps(recent: 2, older: 2, spacing: 3)
        #expect(steps.count == 4 && steps.span == 8 && steps.offsets == [0, 3, 6, 7])
        let windows = try SeriesWindows(series(13), target: 0, steps: steps, stride: 2)
        #expect(windows.count == 3)
        let batch = windows.batch([2])
        #expect(batch.inputs.values == [4, 104, 7, 107, 10, 110, 11, 111] && batch.targets.values == [12])
        #expect(try JSONDecoder().decode(WindowSteps.self, from: JSONEncoder().encode(steps)) == steps)
    }

    @Test func thinnedWindowsAreEvenlySpaced() throws {
        let windows = try SeriesWindows(series(13), target: 0, steps: WindowSteps(recent: 3))
        let some = windows.thinned(to: 4)
        #expect((0..<some.count).map(some.predictedRows) == [3..<4, 6..<7, 9..<10, 12..<13])
        #expect(windows.thinned(to: 10).count == 10 && windows.thinned(to: 1).count == 1)
    }

    @Test func shortSeriesAndAbsurdSizesAreRefused() throws {
        let steps = try WindowSteps(recent: 3)
        #expect(try SeriesWindows(series(4), target: 0, steps: steps).count == 1)
        #expect(
            message { _ = try SeriesWindows(series(3), target: 0, steps: steps, name: "x.csv") }
                == "x.csv has 3 rows; one window over 3 rows and the 1 to predict need at least 4: use a longer series "
                + "or shorter windows")
        for (horizon, stride) in [(0, 1), (1, 0), (-1, 1), (Int.max, 1)] {
            #expect(throws: RecurrentError.self) {
                try SeriesWindows(series(9), target: 0, steps: steps, horizon: horizon, stride: stride)
            }
        }
        #expect(try SeriesWindows(series(9), target: 0, steps: steps, stride: .max).count == 1)
        for (recent, older, spacing) in [(0, 1, 1), (1, -1, 1), (1, 1, 0), (1, .max, 2), (.max, 1, 1)] {
            #expect(throws: RecurrentError.self) {
                try WindowSteps(recent: recent, older: older, spacing: spacing)
            }
        }
    }

    @Test func valuesAfterEveryStep() throws {
        let series = TimeSeries(names: ["a", "b"], columns: [[0, 1, 2, 3, 4, 5], [10, 11, 12, 13, 14, 15]])
        let windows = try SeriesWindows(
            series, target: 1, steps: WindowSteps(recent: 2, older: 1, spacing: 2), horizon: 2)
        #expect(windows.count == 1)
        let values = windows.valuesAfterEveryStep([0])
        #expect(values.shape == [3, 1, 2] && values.doubles == [11, 12, 13, 14, 14, 15])
        let (inputs, targets) = windows.batch([0])
        #expect(inputs.shape == [3, 1, 2] && inputs.doubles == [0, 10, 2, 12, 3, 13])
        #expect(targets.shape == [1, 2] && targets.doubles == [14, 15])
    }
}
