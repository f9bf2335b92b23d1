extension NetworkGraph {
    /// A graph in which each node feeds the next.
    public init(title: String, chain nodes: [Node]) {
        self.init(
            title: title, nodes: nodes, edges: zip(nodes, nodes.dropFirst()).map { Edge($0.name, $1.name) })
    }
}
