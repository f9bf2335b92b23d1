import Recurrent

/// Which examples stand together in each batch of an epoch, drawn anew for every epoch.
package struct BatchOrder: Equatable, Codable, Sendable {
    /// The number of examples of a batch; the last batch drawn may have fewer.
    package let batchSize: Int
    /// How many batches' examples are sorted by length before they are cut into batches, so that sequences of like
    /// lengths stand together and less padding is needed. With 1 any example may stand beside any other.
    package let groupedBatches: Int

    /// Makes an order.
    ///
    /// - Throws: `RecurrentError` where a number is less than 1.
    package init(batchSize: Int, groupedBatches: Int = 1) throws {
        guard batchSize >= 1, groupedBatches >= 1 else {
            throw RecurrentError(
                "the batch size is \(batchSize) and \(groupedBatches) batches are grouped by length; expected 1 or more "
                    + "of both")
        }
        self.batchSize = batchSize
        self.groupedBatches = groupedBatches
    }

    /// Draws the batches of an epoch. Every example stands in exactly one.
    ///
    /// - Parameters:
    ///   - lengths: The length of every example, or whatever else like examples are known by.
    ///   - random: Where the order comes from: one permutation of the examples and, where batches are grouped, one of
    ///     the batches.
    /// - Returns: The examples' places, batch by batch.
    package func batches(lengths: [some Comparable], random: inout RandomSource) -> [[Int]] {
        let order = random.permutation(lengths.count)
        guard groupedBatches > 1 else { return Self.parts(order, of: batchSize) }
        let (groupSize, overflow) = batchSize.multipliedReportingOverflow(by: groupedBatches)
        let batches = Self.parts(order, of: overflow ? Int.max : groupSize).flatMap { group in
            // Equal lengths keep the drawn order: the sort's own treatment of them must not matter.
            let sorted = group.enumerated().sorted { one, other in
                let (length, otherLength) = (lengths[one.element], lengths[other.element])
                return length == otherLength ? one.offset < other.offset : length < otherLength
            }
            return Self.parts(sorted.map(\.element), of: batchSize)
        }
        return random.permutation(batches.count).map { batches[$0] }
    }

    /// The share of all steps that are padding where sequences of these lengths stand side by side in these batches, from
    /// 0 to 1.
    package static func paddingShare(of batches: [[Int]], lengths: [Int]) -> Double {
        var (steps, filled) = (0, 0)
        for batch in batches {
            steps += batch.count * (batch.map { lengths[$0] }.max() ?? 0)
            filled += batch.reduce(0) { $0 + lengths[$1] }
        }
        return steps == 0 ? 0 : Double(steps - filled) / Double(steps)
    }

    private static func parts(_ order: [Int], of size: Int) -> [[Int]] {
        var parts: [[Int]] = []
        var rest = order[...]
        while !rest.isEmpty {
            parts.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return parts
    }
}
