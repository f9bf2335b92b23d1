import Foundation
import Recurrent
import Testing

@testable import RecurrentTraining

@Suite struct StoredConfigurationTests {
    private struct Configuration: TaskConfiguration {
        static let taskName = "test"
        var data: String? = "somewhere"
        var seed: UInt64 = 1 << 63 + 5
        var rate: Float = 0.1
        var limit: Int? = 7
        var optimization = Optimization(learningRate: 0.3, gradientNormBound: 2)

        func validate() throws {}
    }

    /// The JSON of a configuration all of whose properties differ from the defaults, changed.
    private func changed(_ change: (inout [String: Any]) -> Void) throws -> Data {
        let stored = try JSONEncoder().encode(StoredConfiguration(other))
        var object = try #require(try JSONSerialization.jsonObject(with: stored) as? [String: Any])
        change(&object)
        return try JSONSerialization.data(withJSONObject: object)
    }

    private var other: Configuration {
        Configuration(
            data: nil, seed: .max, rate: 0.2, limit: nil, optimization: Optimization(learningRate: 0.7))
    }

    @Test func whatIsThereStays() throws {
        #expect(try Configuration(stored: changed { _ in }) == other)
    }

    /// Absent optionals are nil, whatever their default.
    @Test func whatIsMissingHasItsDefault() throws {
        var expected = other
        (expected.seed, expected.rate) = (Configuration().seed, Configuration().rate)
        #expect(
            try Configuration(
                stored: changed {
                    $0["seed"] = nil
                    $0["rate"] = nil
                }) == expected)
    }

    @Test func whatIsMissingWithinHasItsDefault() throws {
        var expected = other
        expected.optimization.learningRate = 0.3
        let stored = try changed {
            var optimization = $0["optimization"] as? [String: Any]
            optimization?["learningRate"] = nil
            $0["optimization"] = optimization
        }
        #expect(try Configuration(stored: stored) == expected)
        expected.optimization = Configuration().optimization
        #expect(try Configuration(stored: changed { $0["optimization"] = nil }) == expected)
    }

    @Test func whatHasAnotherTypeIsRefused() throws {
        #expect(throws: DecodingError.self) { try Configuration(stored: changed { $0["seed"] = "one" }) }
        #expect(throws: DecodingError.self) { try Configuration(stored: Data("[1]".utf8)) }
    }
}
