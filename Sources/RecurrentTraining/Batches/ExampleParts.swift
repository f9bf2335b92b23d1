/// Examples in parts that are evaluated one after another, so that memory stays bounded; the parts are large enough to
/// make the products long.
public enum ExampleParts {
    /// So many examples in their order, at most `size` at a time.
    public static func inOrder(_ count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// The places of examples, at most `size` at a time, those of like lengths together: so there is little padding.
    /// - Parameter lengths: The length of every example, or whatever else like examples are known by.
    public static func ofLikeLengths(_ lengths: [some Comparable], size: Int) -> [[Int]] {
        let order = lengths.indices.sorted { one, other in
            lengths[one] == lengths[other] ? one < other : lengths[one] < lengths[other]
        }
        return inOrder(order.count, size: size).map { Array(order[$0]) }
    }
}
