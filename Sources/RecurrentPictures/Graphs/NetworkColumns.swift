/// How far an item of a network's layer reaches from its middle, in pixels.
struct NetworkRoom {
    var left: Double
    var right: Double
    var height: Double
}

/// Where the items of a network's layers lie from left to right: near those above and below, apart from neighbours.
struct NetworkColumns {
    /// The middle of each item.
    private(set) var middles: [Double]

    private let layers: NetworkLayers
    private let rooms: [NetworkRoom]
    private static let gap = 24.0

    init(of layers: NetworkLayers, rooms: [NetworkRoom]) {
        self.layers = layers
        self.rooms = rooms
        middles = Array(repeating: 0, count: rooms.count)
        for round in 0..<24 {
            let isDownward = round % 2 == 0
            for layer in isDownward ? layers.layers : layers.layers.reversed() {
                let wishes = layer.map { item in wish(item, isDownward ? layers.above[item] : layers.below[item]) }
                // Boxes have their wish; what passes beside gives way.
                let weights = layer.map { layers.isBend($0) ? 1.0 : 1000 }
                let distances = layer.indices.map { $0 == 0 ? 0 : distance(layer[$0 - 1], layer[$0]) }
                for (item, middle) in zip(layer, spaced(wishes, distances: distances, weights: weights)) {
                    middles[item] = middle
                }
            }
        }
        for _ in 0..<2 { straighten() }
        for item in middles.indices { middles[item].round() }
    }

    /// How far apart the middles of two neighbours are at least.
    private func distance(_ first: Int, _ second: Int) -> Double {
        rooms[first].right + rooms[second].left + NetworkColumns.gap
    }

    /// The median of the others' places: unlike the mean, it keeps a chain of boxes straight beside a long edge.
    private func wish(_ item: Int, _ others: [Int]) -> Double {
        func weight(_ other: Int) -> Int {
            layers.isBend(item) && layers.isBend(other) ? 8 : layers.isBend(item) || layers.isBend(other) ? 1 : 4
        }
        guard !others.isEmpty else { return middles[item] }
        let places = others.flatMap { Array(repeating: middles[$0], count: weight($0)) }.sorted()
        return (places[(places.count - 1) / 2] + places[places.count / 2]) / 2
    }

    /// Sets all bends of an edge one below the other, where there is room for that.
    private mutating func straighten() {
        var places = Array(repeating: 0, count: middles.count)
        for layer in layers.layers {
            for (place, item) in layer.enumerated() { places[item] = place }
        }
        for path in layers.paths where path.count > 3 {
            let bends = path.dropFirst().dropLast()
            var (lower, upper) = (-Double.infinity, Double.infinity)
            for bend in bends {
                let layer = layers.layers[layers.layerOfItem[bend]]
                let place = places[bend]
                if place > 0 { lower = max(lower, middles[layer[place - 1]] + distance(layer[place - 1], bend)) }
                if place + 1 < layer.count {
                    upper = min(upper, middles[layer[place + 1]] - distance(bend, layer[place + 1]))
                }
            }
            guard lower <= upper else { continue }
            let mean = bends.reduce(0) { $0 + middles[$1] } / Double(bends.count)
            for bend in bends { middles[bend] = min(max(mean, lower), upper) }
        }
    }
}
