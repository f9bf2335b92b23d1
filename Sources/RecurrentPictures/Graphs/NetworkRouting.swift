/// The ways of a network's edges: upright through layers, in curves between them, so that none meets a box.
struct NetworkRouting {
    let routes: [[NetworkLayout.Curve]]

    init(layers: NetworkLayers, bands: [(top: Double, bottom: Double)], middles: [Double], boxes: [Rectangle]) {
        // Where each edge leaves its source, then where it meets its target.
        var starts = layers.paths.map { middles[$0[0]] }
        var ends = layers.paths.map { middles[$0[$0.count - 1]] }
        for (node, box) in boxes.enumerated() {
            let leaving = layers.paths.indices.filter { layers.paths[$0][0] == node }
            let wishes = leaving.map { middles[layers.paths[$0][1]] }
            for (edge, port) in zip(leaving, NetworkRouting.ports(of: box, wishes: wishes)) { starts[edge] = port }
        }
        for (node, box) in boxes.enumerated() {
            let arriving = layers.paths.indices.filter { layers.paths[$0].last == node }
            let wishes = arriving.map { edge in
                let path = layers.paths[edge]
                return path.count == 2 ? starts[edge] : middles[path[path.count - 2]]
            }
            for (edge, port) in zip(arriving, NetworkRouting.ports(of: box, wishes: wishes)) { ends[edge] = port }
        }

        routes = layers.paths.enumerated().map { edge, path in
            var curves: [NetworkLayout.Curve] = []
            var place = starts[edge]
            for (item, next) in zip(path, path.dropFirst()) {
                let isLast = next == path.last
                let nextPlace = isLast ? ends[edge] : middles[next]
                curves.append(
                    NetworkLayout.Curve(
                        start: Point(place, bands[layers.layerOfItem[item]].bottom),
                        end: Point(nextPlace, bands[layers.layerOfItem[next]].top - (isLast ? NetworkRouting.tip : 0))))
                place = nextPlace
            }
            return curves
        }
    }

    /// The straight end of an arrow, in pixels.
    static let tip = 9.0

    /// Where edges meet a side of a box: a single one near the middle, several towards where they go.
    private static func ports(of box: Rectangle, wishes: [Double]) -> [Double] {
        guard wishes.count > 1 else {
            // An arrow that would lean a little is made upright.
            return wishes.map { abs($0 - box.center.x) <= 8 ? $0 : box.center.x }
        }
        let bounds = (box.left + 14)...(box.right - 14)
        let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
        let distance = min(16, (bounds.upperBound - bounds.lowerBound) / Double(wishes.count - 1))
        let sorted = order.map { min(max(wishes[$0], bounds.lowerBound), bounds.upperBound) }
        let places = spaced(sorted, distances: sorted.map { _ in distance }, within: bounds)
        var ports = wishes
        for (edge, place) in zip(order, places) { ports[edge] = place }
        return ports
    }
}
