import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentPictures

@Suite struct NetworkGraphTests {
    private typealias Node = NetworkGraph.Node
    private typealias Edge = NetworkGraph.Edge

    /// Layers that read a sequence in both directions.
    static let bidirectional: NetworkGraph = {
        var nodes = [NetworkGraph.Node("tokens", kind: "input", shape: "[time, batch]")]
        var edges: [NetworkGraph.Edge] = []
        var last = "tokens"
        for layer in 1...3 {
            for name in ["forward \(layer)", "backward \(layer)"] {
                nodes.append(.init(name, kind: "LSTM", shape: "[time, batch, 128]", parameters: 98_816, state: "h, c"))
                edges += [.init(last, name), .init(name, "concatenate \(layer)")]
            }
            last = "concatenate \(layer)"
            nodes.append(.init(last, shape: "[time, batch, 256]"))
        }
        nodes.append(.init("output", kind: "Dense", shape: "[batch, 18]", parameters: 4626))
        edges.append(.init(last, "output"))
        return NetworkGraph(title: "Classifier", nodes: nodes, edges: edges)
    }()

    /// One network reads, the other writes and looks at what was read.
    static let translator = NetworkGraph(
        title: "Encoder and decoder",
        nodes: [
            .init("source", shape: "[source time, batch]"), .init("target", shape: "[target time, batch]"),
            .init("source embedding", kind: "Embedding", parameters: 6400),
            .init("encoder", kind: "GRU", parameters: 74_496, state: "h"),
            .init("target embedding", kind: "Embedding", parameters: 6400),
            .init("decoder", kind: "GRU", parameters: 74_496, state: "h"), .init("attention"),
            .init("output", kind: "Dense", parameters: 12_900),
        ],
        edges: [
            .init("source", "source embedding"), .init("source embedding", "encoder"),
            .init("target", "target embedding"), .init("target embedding", "decoder"),
            .init("encoder", "decoder", label: "last state as the first"),
            .init("encoder", "attention", label: "outputs [source time, batch, 128]"),
            .init("decoder", "attention", label: "queries"), .init("attention", "output"),
            .init("decoder", "output"),
        ])

    /// Edges that skip one layer, or all.
    static let residual = NetworkGraph(
        title: "Residual",
        nodes: [
            .init("input"), .init("lstm 1", kind: "LSTM", state: "h, c"), .init("add 1"),
            .init("lstm 2", kind: "LSTM", state: "h, c"), .init("add 2"), .init("output"),
        ],
        edges: [
            .init("input", "lstm 1"), .init("lstm 1", "add 1"), .init("input", "add 1", label: "residual"),
            .init("add 1", "lstm 2"), .init("lstm 2", "add 2"), .init("add 1", "add 2"), .init("add 2", "output"),
            .init("input", "output"),
        ])

    /// A graph of some nodes and random edges from earlier to later ones.
    static func random(seed: UInt64) -> NetworkGraph {
        var random = RandomSource(seed: seed, operation: 1)
        let count = 3 + Int(seed) % 10
        let draws = random.uniform(count: 4 * count * count).map(Double.init)
        let words = ["a", "hidden", "a state with a long name", "[time, batch, 128]", ""]
        let nodes = (0..<count).map { index in
            NetworkGraph.Node(
                "node \(index)", kind: words[Int(draws[index] * 5)], shape: words[Int(draws[count + index] * 5)],
                parameters: index % 3 * 1000, state: draws[2 * count + index] < 0.4 ? words[index % 5] : nil)
        }
        var edges: [NetworkGraph.Edge] = []
        for target in 1..<count {
            for source in 0..<target where draws[4 * count + count * target + source] < 0.35 {
                let label = words[Int(draws[2 * count * count + count * target + source] * 5)]
                edges.append(.init("node \(source)", "node \(target)", label: label))
            }
        }
        return NetworkGraph(title: "Random \(seed)", nodes: nodes, edges: edges)
    }

    private func checkLayout(_ graph: NetworkGraph) {
        let layout = NetworkLayout(of: graph)
        let loops = layout.loops.compactMap { $0 }
        let labels = layout.edgeLabels.compactMap { $0 } + loops.map(\.label)
        checkApart(layout.boxes + loops.map(\.frame) + labels, graph.title)
        for rectangle in layout.boxes + loops.map(\.frame) + labels {
            #expect(rectangle.left >= 0 && rectangle.right <= layout.width, "\(graph.title): \(rectangle)")
            #expect(rectangle.top >= 0 && rectangle.bottom <= layout.height, "\(graph.title): \(rectangle)")
        }
        let obstacles = layout.boxes + loops.map(\.frame) + labels
        for (edge, route) in zip(graph.edges, layout.routes) {
            let points = layout.points(of: route, from: edge, in: graph)
            #expect(points.count > 20)
            for point in points {
                for obstacle in obstacles where obstacle.contains(point) {
                    Issue.record("\(graph.title): the edge from \(edge.source) to \(edge.target) crosses \(obstacle)")
                    return
                }
            }
        }
    }

    @Test func nothingOverlaps() throws {
        for graph in [Self.bidirectional, Self.translator, Self.residual] {
            checkLayout(graph)
            try checkPicture(graph)
        }
    }

    @Test(arguments: 0..<40) func nothingOverlapsInRandomGraphs(seed: UInt64) throws {
        let graph = Self.random(seed: seed)
        checkLayout(graph)
        if seed % 10 == 0 { try checkPicture(graph) }
    }

    /// Boxes without edges, no boxes, and names longer than any box.
    @Test func strangeGraphs() throws {
        let long = String(repeating: "a long name ", count: 20)
        let graphs = [
            NetworkGraph(title: "", nodes: [], edges: []),
            NetworkGraph(title: "One", nodes: [.init("only")], edges: []),
            NetworkGraph(
                title: long, nodes: [.init(long, kind: long, state: long), .init("<&>\"'"), .init("apart", state: "")],
                edges: [.init(long, "<&>\"'", label: long), .init(long, "<&>\"'")]),
        ]
        for graph in graphs {
            checkLayout(graph)
            try checkPicture(graph)
        }
    }

    @Test func edgesLeadDownwards() {
        for graph in [Self.bidirectional, Self.translator, Self.residual] + (0..<10).map(Self.random) {
            let layers = NetworkLayers(of: graph)
            for path in layers.paths {
                let depths = path.map { layers.layerOfItem[$0] }
                #expect(depths == Array(depths[0]..<(depths[0] + depths.count)))
            }
        }
    }

    /// Chains stand straight, the two directions side by side, and no edges cross that need not.
    @Test func familiarShapes() {
        let layout = NetworkLayout(of: Self.bidirectional)
        let (forward, backward) = (layout.boxes[1], layout.boxes[2])
        #expect(forward.top == backward.top)
        #expect(forward.right < backward.left)
        #expect(layout.boxes[0].center.x == layout.boxes[3].center.x)
        #expect(layout.boxes[9].center.x == layout.boxes[10].center.x)
        for graph in [Self.bidirectional, Self.translator, Self.residual] {
            #expect(NetworkLayers(of: graph).crossings() == 0)
        }
        let crossed = NetworkGraph(
            title: "", nodes: ["a", "b", "c", "d"].map { .init($0) },
            edges: [.init("a", "d"), .init("b", "c"), .init("a", "c"), .init("b", "d")])
        #expect(NetworkLayers(of: crossed).crossings() == 1)
    }

    @Test func boxesSayWhatTheyAre() throws {
        let texts = try PictureReader(Self.bidirectional.svg()).texts(of: "text")
        for text in ["forward 1", "LSTM", "[time, batch, 128]", "98\u{2009}816 parameters", "h, c"] {
            #expect(texts.contains(text))
        }
        #expect(texts.contains("597\u{2009}522 parameters"))
        let description = try PictureReader(Self.bidirectional.svg()).texts(of: "desc")[0]
        #expect(description.contains("State flows through time in forward 1 (h, c)"))
    }

    @Test func dotIsQuoted() {
        let graph = NetworkGraph(
            title: "a \"b\" \\", nodes: [.init("x\ny", kind: "R&D", parameters: 12, state: "h"), .init("digraph")],
            edges: [.init("x\ny", "digraph", label: "\"")])
        #expect(
            graph.dot() == """
                digraph "a \\"b\\" \\\\" {
                    label="a \\"b\\" \\\\"; labelloc=t; rankdir=TB;
                    node [shape=box, style=rounded, fontname="Helvetica"];
                    edge [fontname="Helvetica"];
                    "x\\ny" [label="x\\ny\\nR&amp;D\\n12 parameters"];
                    "digraph" [label="digraph"];
                    "x\\ny" -> "digraph" [label="\\""];
                    "x\\ny" -> "x\\ny" [label="h", style=dashed];
                }

                """)
    }
}

extension NetworkLayout {
    /// Points along an edge, close to one another, from its source's box to its target's.
    fileprivate func points(
        of route: [Curve], from edge: NetworkGraph.Edge, in graph: NetworkGraph
    ) -> [Point] {
        guard let source = graph.nodes.firstIndex(where: { $0.name == edge.source }),
            let target = graph.nodes.firstIndex(where: { $0.name == edge.target })
        else { return [] }
        var points: [Point] = []
        var place = Point(route[0].start.x, boxes[source].bottom)
        func goStraight(to end: Point) {
            for step in 0...10 {
                let share = Double(step) / 10
                points.append(Point(place.x + share * (end.x - place.x), place.y + share * (end.y - place.y)))
            }
            place = end
        }
        for curve in route {
            goStraight(to: curve.start)
            let middle = (curve.start.y + curve.end.y) / 2
            for step in 0...40 {
                let t = Double(step) / 40
                let s = 1 - t
                let (first, last) = (s * s * s, t * t * t)
                let (second, third) = (3 * s * s * t, 3 * s * t * t)
                points.append(
                    Point(
                        curve.start.x * (first + second) + curve.end.x * (third + last),
                        curve.start.y * first + middle * (second + third) + curve.end.y * last))
            }
            place = curve.end
        }
        goStraight(to: Point(place.x, boxes[target].top))
        return points
    }
}
