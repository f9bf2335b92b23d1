import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct ColumnScalerTests {
    private let series = TimeSeries(names: ["a", "b"], columns: [[1, 3, 2, 5], [0.1, 0.1, 0.1, 7]])

    @Test func minimumAndMaximumOfTheFittedRows() throws {
        let scaler = try MinMaxScaler(fitting: series, rows: 0..<3)
        let scaled = scaler.transform(series)
        #expect(scaled.columns == [[0, 1, 0.5, 2], [0, 0, 0, 0]])
        #expect(scaler.inverse(scaled).columns == [[1, 3, 2, 5], [0.1, 0.1, 0.1, 0.1]])
        #expect(scaler.inverse([1.5], column: 0) == [4])
        let course = try MinMaxScaler(fitting: series, rows: 0..<4, epsilon: 1e-7)
        #expect(course.transform(series).columns[0][1] == 2 / (4 + 1e-7))
    }

    @Test func meanAndDeviationOfTheFittedRows() throws {
        let scaler = try StandardScaler(fitting: series, rows: 0..<3)
        #expect(scaler.means == [2, 0.1] && scaler.deviations == [(2.0 / 3).squareRoot(), 0])
        let scaled = scaler.transform(series)
        #expect(scaled.columns[1] == [0, 0, 0, 0])
        #expect(abs(scaled.columns[0][3] - 3 / (2.0 / 3).squareRoot()) < 1e-15)
        #expect(zip(scaler.inverse(scaled).columns[0], series.columns[0]).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func scalersAreSaved() throws {
        let scaler = try MinMaxScaler(fitting: series, rows: 0..<3, epsilon: 0.1)
        let data = try JSONEncoder().encode(scaler)
        #expect(try JSONDecoder().decode(MinMaxScaler.self, from: data) == scaler)
        let standard = try StandardScaler(fitting: series, rows: 0..<3)
        #expect(try JSONDecoder().decode(StandardScaler.self, from: JSONEncoder().encode(standard)) == standard)
    }

    @Test(arguments: [
        #"{"lowest":[1],"highest":[2,3],"epsilon":0}"#, #"{"lowest":[3],"highest":[2],"epsilon":0}"#,
        #"{"lowest":[],"highest":[],"epsilon":0}"#, #"{"lowest":[-1e308],"highest":[1e308],"epsilon":0}"#,
    ])
    func damagedScalersAreRefused(json: String) {
        #expect(throws: RecurrentError.self) { try JSONDecoder().decode(MinMaxScaler.self, from: Data(json.utf8)) }
    }

    @Test func whatCannotBeScaledIsRefused() throws {
        let huge = TimeSeries(names: ["a"], columns: [[-1e308, 1e308]])
        #expect(message { _ = try MinMaxScaler(fitting: huge, rows: 0..<2) }.hasPrefix("column 1 cannot be scaled"))
        #expect(throws: RecurrentError.self) { try StandardScaler(fitting: huge, rows: 0..<2) }
        #expect(throws: RecurrentError.self) { try StandardScaler(fitting: series, rows: 2..<2) }
        #expect(throws: RecurrentError.self) {
            try JSONDecoder().decode(StandardScaler.self, from: Data(#"{"means":[1],"deviations":[-1]}"#.utf8))
        }
    }
}
