import Foundation
import Testing

import Recurrent

/// Files of `Fixtures/`, made by the scripts beside them.
package enum Fixture {
    /// A tensor as the scripts write it.
    package struct Numbers: Decodable, Sendable {
        package let shape: [Int]
        package let values: [Double]

        package func tensor(_ precision: Precision = .double) -> Tensor {
            Tensor(values, shape: shape).converted(to: precision)
        }

        package var integers: IntegerTensor { IntegerTensor(values.map { Int32($0) }, shape: shape) }
    }

    package static func decode<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws
        -> Content
    {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}

extension Fixture {
    /// The path of a directory of fixtures.
    package static func directory(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")).path
    }
}
