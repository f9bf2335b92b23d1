import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// The streams of TensorFlow's own kernels, written by `Fixtures/make_random_tensorflow.py`.
@Suite struct RandomSourceFixtureTests {
    struct Stream: Decodable {
        let kind: String
        let seed: Int64
        let operationSeed: Int64
        let count: Int
        let first: [Float]
        let last: [Float]
    }

    static func streams() throws -> [Stream] {
        try Fixture.decode("random_tensorflow")
    }

    @Test func streamsAreThoseOfTensorFlow() throws {
        let streams = try Self.streams()
        #expect(Set(streams.map(\.kind)) == ["uniform", "normal", "truncatedNormal"])
        for stream in streams {
            let name = "\(stream.kind) (\(stream.seed), \(stream.operationSeed)) x \(stream.count)"
            var source = RandomSource(
                seed: UInt64(bitPattern: stream.seed), operation: UInt64(bitPattern: stream.operationSeed))
            let values: [Float]
            switch stream.kind {
            case "uniform": values = source.uniform(count: stream.count)
            case "normal": values = source.normal(count: stream.count)
            case "truncatedNormal": values = source.truncatedNormal(count: stream.count)
            default:
                Issue.record("the fixture has the kind \(stream.kind)")
                continue
            }
            #expect(values.count == stream.count, "\(name)")
            try #require(stream.first.count + stream.last.count <= values.count || stream.last.isEmpty, "\(name)")
            let pairs = Array(zip(values, stream.first)) + Array(zip(values.suffix(stream.last.count), stream.last))
            let differences = pairs.map { abs($0 - $1) / max(1e-3, abs($1)) }
            #expect((differences.max() ?? 1) <= 1e-6, "\(name)")
        }
    }
}
