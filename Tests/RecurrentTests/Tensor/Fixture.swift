import Foundation
import Testing

@testable import Recurrent

/// Files of `Fixtures/`, made by the scripts beside them.
enum Fixture {
    /// A tensor as the scripts write it.
    struct Numbers: Decodable, Sendable {
        let shape: [Int]
        let values: [Double]

        func tensor(_ precision: Precision = .double) -> Tensor {
            Tensor(values, shape: shape).converted(to: precision)
        }

        var integers: IntegerTensor { IntegerTensor(values.map { Int32($0) }, shape: shape) }
    }

    static func decode<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}
