/// A place in a picture, in pixels from the top left.
struct Point: Equatable {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// An upright rectangle in a picture, in pixels.
struct Rectangle: Equatable {
    var left: Double
    var top: Double
    package var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
    var center: Point { Point(left + width / 2, top + height / 2) }

    /// Whether the two share more than an edge.
    func overlaps(_ other: Rectangle) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    /// Whether the point lies inside, not on an edge.
    func contains(_ point: Point) -> Bool {
        left < point.x && point.x < right && top < point.y && point.y < bottom
    }
}

/// The places nearest to the wished ones (least squares) that keep their order and their distances.
///
/// Without the distances this is isotonic regression, solved by pooling neighbours that violate the order (Barlow et
/// al., "Statistical Inference under Order Restrictions", 1972); its solution within bounds is the clamped one.
///
/// - Parameters:
///   - wishes: The wished places.
///   - distances: The least distance of each place from the one before; the first is not used.
///   - weights: How much each wish counts; without them, all count the same.
///   - bounds: What no place may leave, where there is room enough.
func spaced(
    _ wishes: [Double], distances: [Double], weights: [Double]? = nil, within bounds: ClosedRange<Double>? = nil
) -> [Double] {
    var offsets: [Double] = []
    for index in wishes.indices { offsets.append(index == 0 ? 0 : offsets[index - 1] + distances[index]) }
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    for index in wishes.indices {
        let weight = weights?[index] ?? 1
        var pool = (sum: weight * (wishes[index] - offsets[index]), weight: weight, count: 1)
        while let last = pools.last, last.sum / last.weight > pool.sum / pool.weight {
            pool = (pool.sum + last.sum, pool.weight + last.weight, pool.count + last.count)
            pools.removeLast()
        }
        pools.append(pool)
    }
    var places = pools.flatMap { Array(repeating: $0.sum / $0.weight, count: $0.count) }
    if let bounds, let extent = offsets.last {
        let last = max(bounds.lowerBound, bounds.upperBound - extent)
        places = places.map { min(max($0, bounds.lowerBound), last) }
    }
    return zip(places, offsets).map { $0 + $1 }
}
