/// Where the boxes, arrows and labels of a network lie.
struct NetworkLayout {
    /// A curve that begins and ends upright; the inner control points of the cubic are half-way down.
    struct Curve: Equatable {
        var start: Point
        var end: Point
    }

    let graph: NetworkGraph
    /// The box of each node.
    private(set) var boxes: [Rectangle] = []
    /// The way of each edge from top to bottom; straight between two curves.
    private(set) var routes: [[Curve]] = []
    /// Where the label of each edge stands.
    private(set) var edgeLabels: [Rectangle?] = []
    /// Where the arrow of each node's state goes round, and where its label stands.
    private(set) var loops: [(frame: Rectangle, label: Rectangle)?] = []
    private(set) var width = 0.0
    private(set) var height = 0.0

    /// The width of a state's arrow beside its box, in pixels.
    static let loopWidth = 32.0
    /// The greatest width of a text in a box or beside an arrow, in pixels.
    static let textWidth = 260.0

    init(of graph: NetworkGraph) {
        self.graph = graph
        let layers = NetworkLayers(of: graph)
        let extents = layers.items.map { item in
            switch item {
            case .node(let node): NetworkLayout.extent(of: graph.nodes[node])
            case .bend: NetworkRoom(left: 9, right: 9, height: 0)
            }
        }
        var rooms = extents
        for (edge, bend) in layers.labelBends.enumerated() {
            guard let bend else { continue }
            let size = NetworkLayout.labelSize(graph.edges[edge].label)
            rooms[bend] = NetworkRoom(left: 9, right: 8 + size + 9, height: Lettering.small.lineHeight)
        }
        let middles = NetworkColumns(of: layers, rooms: rooms).middles
        place(layers, rooms: rooms, middles: middles)
    }

    /// How far a node's box, and the arrow of its state, reach from the middle of the box.
    private static func extent(of node: NetworkGraph.Node) -> NetworkRoom {
        let widths = [Lettering.name.width(of: node.name)] + node.details.map(Lettering.small.width)
        let half = ((min(widths.max() ?? 0, textWidth) + 28) / 2).rounded(.up)
        let height = 16 + Lettering.name.lineHeight + Double(node.details.count) * Lettering.small.lineHeight
        let loop = node.state.map { loopWidth + labelSize($0) } ?? 0
        return NetworkRoom(
            left: max(half, 48), right: max(half, 48) + loop, height: max(height, node.state == nil ? 0 : 48))
    }

    /// The width of a label.
    private static func labelSize(_ label: String) -> Double {
        min(Lettering.small.width(of: label), textWidth)
    }

    /// Sets everything at its place, the layers one below the other.
    private mutating func place(
        _ layers: NetworkLayers, rooms: [NetworkRoom], middles: [Double]
    ) {
        let margin = 24.0
        let left = layers.items.indices.map { middles[$0] - rooms[$0].left }.min() ?? 0
        let right = layers.items.indices.map { middles[$0] + rooms[$0].right }.max() ?? 0
        let titleWidth = min(Lettering.title.width(of: graph.title) + 32, 560)
        width = max(right - left + 2 * margin, titleWidth, 340)
        let shift = (width - (right - left)) / 2 - left
        let middles = middles.map { ($0 + shift).rounded() }

        var bands: [(top: Double, bottom: Double)] = []
        var top = 44 + Double(titleLines.count) * Lettering.title.lineHeight
        for (index, layer) in layers.layers.enumerated() {
            let height = layer.map { rooms[$0].height }.max() ?? 0
            bands.append((top, top + height))
            let slants = layer.flatMap { item in layers.below[item].map { abs(middles[item] - middles[$0]) } }
            let isLabel = layer.contains { layers.labelBends.contains($0) }
            let isAboveLabel =
                index + 1 < layers.layers.count && layers.layers[index + 1].contains { layers.labelBends.contains($0) }
            let least = isLabel || isAboveLabel ? 22.0 : 34
            top += height + min(least + (slants.max() ?? 0) / 8, 72)
        }
        height = (bands.last?.bottom ?? top) + 24 + (graph.nodes.contains { $0.state != nil } ? 26 : 0)

        for item in graph.nodes.indices {
            let band = bands[layers.layerOfItem[item]]
            let room = rooms[item]
            let box = Rectangle(
                left: middles[item] - room.left, top: (band.top + band.bottom - room.height) / 2,
                width: 2 * room.left, height: room.height)
            boxes.append(box)
            let labelWidth = room.right - room.left - NetworkLayout.loopWidth
            let line = Lettering.small.lineHeight
            loops.append(
                graph.nodes[item].state == nil
                    ? nil
                    : (
                        Rectangle(
                            left: box.right, top: box.center.y - 16, width: NetworkLayout.loopWidth - 6, height: 32),
                        Rectangle(
                            left: box.right + NetworkLayout.loopWidth, top: box.center.y - line / 2,
                            width: labelWidth, height: line)
                    ))
        }
        edgeLabels = layers.labelBends.enumerated().map { edge, bend in
            guard let bend else { return nil }
            let band = bands[layers.layerOfItem[bend]]
            let line = Lettering.small.lineHeight
            return Rectangle(
                left: middles[bend] + 8, top: (band.top + band.bottom - line) / 2,
                width: NetworkLayout.labelSize(graph.edges[edge].label), height: line)
        }
        routes = NetworkRouting(layers: layers, bands: bands, middles: middles, boxes: boxes).routes
    }

    /// The title in lines that fit.
    var titleLines: [String] {
        Lettering.title.wrap(graph.title, to: width - 32, lines: 3)
    }
}
