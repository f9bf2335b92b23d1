/// The nodes of a network in layers, such that edges lead downwards from each layer to the next.
///
/// This is the method of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
/// Structures", 1981: layers by the longest path, a bend wherever a long edge passes a layer, and an order in each
/// layer found by barycentres.
struct NetworkLayers {
    /// What takes room in a layer.
    enum Item: Equatable {
        case node(Int)
        /// Where an edge passes through.
        case bend(edge: Int)
    }

    /// All items.
    private(set) var items: [Item] = []
    /// The layer of each item.
    private(set) var layerOfItem: [Int] = []
    /// The items of each layer, from left to right.
    private(set) var layers: [[Int]] = []
    /// The items of each edge, from its source to its target.
    private(set) var paths: [[Int]] = []
    /// Which bend of each edge has the label beside it.
    private(set) var labelBends: [Int?] = []
    /// The items above and below each item, once for each edge.
    private(set) var above: [[Int]] = []
    private(set) var below: [[Int]] = []

    init(of graph: NetworkGraph) {
        var indices: [String: Int] = [:]
        for (index, node) in graph.nodes.enumerated() { indices[node.name] = index }
        let ends = graph.edges.map { edge in (indices[edge.source] ?? 0, indices[edge.target] ?? 0) }
        var depths = NetworkLayers.depths(count: graph.nodes.count, edges: ends, graph: graph)

        // A label takes a layer of its own, below the layer of its edge's source.
        var labelled = Set<Int>()
        for (edge, (source, _)) in zip(graph.edges, ends) where !edge.label.isEmpty { labelled.insert(depths[source]) }
        let moved = depths.map { depth in depth + labelled.count { $0 < depth } }
        depths = moved

        layers = Array(repeating: [], count: (depths.max() ?? -1) + 1)
        for (node, depth) in depths.enumerated() { add(.node(node), depth) }
        for (edge, (source, target)) in ends.enumerated() {
            var path = [source]
            for depth in (depths[source] + 1)..<depths[target] { path.append(add(.bend(edge: edge), depth)) }
            path.append(target)
            paths.append(path)
            labelBends.append(graph.edges[edge].label.isEmpty ? nil : path[1])
            for (first, second) in zip(path, path.dropFirst()) {
                below[first].append(second)
                above[second].append(first)
            }
        }
        order()
    }

    /// Whether an edge passes through at the item.
    func isBend(_ item: Int) -> Bool {
        if case .bend = items[item] { true } else { false }
    }

    @discardableResult private mutating func add(_ item: Item, _ depth: Int) -> Int {
        items.append(item)
        layerOfItem.append(depth)
        above.append([])
        below.append([])
        layers[depth].append(items.count - 1)
        return items.count - 1
    }

    /// How many edges the longest way from above to each node has.
    private static func depths(count: Int, edges: [(Int, Int)], graph: NetworkGraph) -> [Int] {
        var depths = Array(repeating: 0, count: count)
        var rounds = 0
        var isSettled = false
        while !isSettled {
            require(rounds <= count, "the edges of network '\(graph.title)' make a circle; expected none")
            isSettled = true
            for (source, target) in edges where depths[target] <= depths[source] {
                depths[target] = depths[source] + 1
                isSettled = false
            }
            rounds += 1
        }
        // Edges become shorter when what takes no more than it gives stands just above what it leads to.
        for node in (0..<count).sorted(by: { (-depths[$0], $0) < (-depths[$1], $1) }) {
            let targets = edges.filter { $0.0 == node }.map { depths[$0.1] }
            let sources = edges.count { $0.1 == node }
            if let nearest = targets.min(), sources <= targets.count { depths[node] = nearest - 1 }
        }
        return depths
    }

    /// Reorders each layer by the mean place of the items above or below, and keeps the order with fewest crossings.
    private mutating func order() {
        var best = layers
        var fewest = crossings()
        // Where a long edge begins on the wrong side of a box, it stays there: the second attempt has it on the other.
        let bendsFirst = layers.map { layer in
            layer.filter(isBend) + layer.filter { !isBend($0) }
        }
        for round in 0..<32 where fewest > 0 {
            if round == 16 { layers = bendsFirst }
            let isDownward = round % 2 == 0
            for layer in isDownward ? Array(layers.indices) : layers.indices.reversed() {
                let places = self.places()
                let keys = layers[layer].enumerated().map { place, item in
                    let others = isDownward ? above[item] : below[item]
                    let sum = others.reduce(0) { $0 + places[$1] }
                    return (others.isEmpty ? Double(place) : Double(sum) / Double(others.count), place, item)
                }
                layers[layer] = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
            }
            let count = crossings()
            if count < fewest { (best, fewest) = (layers, count) }
        }
        layers = best
    }

    /// The place of each item within its layer.
    private func places() -> [Int] {
        var places = Array(repeating: 0, count: items.count)
        for layer in layers {
            for (place, item) in layer.enumerated() { places[item] = place }
        }
        return places
    }

    /// How many pairs of edges cross.
    func crossings() -> Int {
        let places = self.places()
        return layers.reduce(0) { sum, layer in
            let ends = layer.flatMap { item in below[item].map { (places[item], places[$0]) } }
            var count = 0
            for (index, first) in ends.enumerated() {
                for second in ends[(index + 1)...] where (first.0 - second.0) * (first.1 - second.1) < 0 { count += 1 }
            }
            return sum + count
        }
    }
}
