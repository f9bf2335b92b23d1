/// A network drawn as boxes and arrows: its layers, what flows between them, and the states that flow through time.
public struct NetworkGraph: SVGPicture {
    /// A layer or operation.
    public struct Node: Sendable {
        /// What edges call it; no two nodes have the same.
        public var name: String
        /// What it is, as in "LSTM"; may be empty.
        public var kind: String
        /// The shape of what it gives, as in "[time, batch, 128]"; may be empty.
        public var shape: String
        /// How many numbers it learns.
        public var parameters: Int
        /// The state that it hands from each time step to the next, as in "h, c"; none where it has none.
        public var state: String?

        /// A layer or operation.
        public init(_ name: String, kind: String = "", shape: String = "", parameters: Int = 0, state: String? = nil) {
            self.name = name
            self.kind = kind
            self.shape = shape
            self.parameters = parameters
            self.state = state
        }
    }

    /// What flows from one node to another within a time step.
    public struct Edge: Sendable {
        /// The name of the node that gives it.
        public var source: String
        /// The name of the node that takes it.
        public var target: String
        /// What is said beside the arrow; may be empty.
        public var label: String

        /// An arrow from a node to another.
        public init(_ source: String, _ target: String, label: String = "") {
            self.source = source
            self.target = target
            self.label = label
        }
    }

    /// What stands above the graph.
    public var title: String
    /// The boxes.
    public var nodes: [Node]
    /// The arrows; they make no circle, for what goes round through time is a node's state.
    public var edges: [Edge]

    /// A network of nodes and edges between them.
    public init(title: String, nodes: [Node], edges: [Edge]) {
        let names = Set(nodes.map(\.name))
        require(names.count == nodes.count, "two of a network's nodes have one name: \(nodes.map(\.name))")
        for edge in edges {
            require(
                names.contains(edge.source) && names.contains(edge.target),
                "an edge from '\(edge.source)' to '\(edge.target)': no node has that name")
        }
        self.title = title
        self.nodes = nodes
        self.edges = edges
    }

    /// Adds a node above others, with what is said beside the arrows from these.
    package mutating func add(_ node: Node, after below: (name: String, label: String)...) {
        nodes.append(node)
        edges += below.map { Edge($0.name, node.name, label: $0.label) }
    }

    /// Adds a node above others.
    package mutating func add(_ node: Node, after below: [String]) {
        nodes.append(node)
        edges += below.map { Edge($0, node.name) }
    }

    /// The graph as an SVG document: layers from top to bottom, states as arrows from a box back to itself.
    public func svg() -> String {
        let layout = NetworkLayout(of: self)
        var drawing = Drawing()
        layout.draw(&drawing)
        return drawing.document(
            title: title, description: description, width: layout.width, height: layout.height, rules: layout.rules)
    }

    /// Nodes and edges in words.
    private var description: String {
        let parts = edges.map { "\($0.source) to \($0.target)" }
        let states = nodes.compactMap { node in node.state.map { "\(node.name) (\($0))" } }
        return "Network with \(nodes.count) nodes: \(parts.joined(separator: ", "))."
            + (states.isEmpty ? "" : " State flows through time in \(states.joined(separator: ", ")).")
    }
}

extension NetworkGraph.Node {
    /// What stands in the box below the name, a line each.
    var details: [String] {
        let count = DecimalNumber(digits: parameters, exponent: 0).plain
        return [kind, shape, parameters == 0 ? "" : "\(count) parameters"].filter { !$0.isEmpty }
    }
}
