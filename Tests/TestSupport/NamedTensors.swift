import Recurrent
import Testing

/// Requires every named result to be within the tolerance.
package func expectEqual(
    _ found: [String: Tensor], _ expected: [String: Tensor], within tolerance: Double, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.keys.sorted() == expected.keys.sorted(), sourceLocation: sourceLocation)
    for (name, value) in expected {
        let apart = found[name].map { difference($0, value) } ?? .infinity
        #expect(apart <= tolerance, "\(name) \(comment)", sourceLocation: sourceLocation)
    }
}
