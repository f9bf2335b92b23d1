import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks

@Suite struct SeriesSplitTests {
    private func split(_ rows: Int, _ change: (inout SeriesConfiguration) -> Void) throws -> SeriesSplit {
        var configuration = SeriesConfiguration()
        change(&configuration)
        return try SeriesSplit(rows: rows, configuration, name: "numbers.csv")
    }

    /// The notes' 732 days in windows of 7: int(725 x 0.7) = 507 windows for training, 218 for the test.
    @Test func stockAsInTheNotes() throws {
        let split = try SeriesSplit(rows: 732, SeriesConfiguration(.stock), name: "")
        #expect(split == SeriesSplit(training: 0..<514, validation: nil, test: 507..<732))
    }

    /// The published protocol: 96 and 48 months, `range(len - look_back - 1)` pairs: 94 and 46.
    @Test func airlineAsPublished() throws {
        let split = try SeriesSplit(rows: 144, SeriesConfiguration(.airline), name: "")
        #expect(split == SeriesSplit(training: 0..<95, validation: nil, test: 96..<143))
    }

    @Test func noRowIsForecastInTwoParts() throws {
        let split = try split(60) {
            $0.window = 5
            $0.horizon = 3
            $0.trainFraction = 0.5
            $0.validationFraction = 0.2
        }
        // 53 windows: 26 for training, which forecast the rows 5 to 32; up to 37 for both, to row 43.
        #expect(split == SeriesSplit(training: 0..<33, validation: 28..<44, test: 39..<60))
    }

    @Test func allForTraining() throws {
        let split = try split(30) {
            $0.trainFraction = 1
            $0.validationFraction = 0
        }
        #expect(split == SeriesSplit(training: 0..<30, validation: nil, test: nil))
    }

    @Test func tooShort() throws {
        let error = #expect(throws: RecurrentError.self) { try split(20) { _ in } }
        #expect(
            error?.description == "numbers.csv has 20 rows, and `trainFraction` 0.7 leaves no window of 20 and 1 to "
                + "forecast for training: use a longer series or shorter windows")
        #expect(throws: RecurrentError.self) { try split(1) { $0 = SeriesConfiguration(.airline) } }
        #expect(throws: RecurrentError.self) { try split(0) { _ in } }
    }
}
