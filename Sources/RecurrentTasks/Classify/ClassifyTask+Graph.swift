import Recurrent
import RecurrentPictures

extension ClassifyTask {
    /// The tokens, the two stacks side by side, their projections, the sum, and the dense layer to the classes.
    public static func graph(
        _ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Node = NetworkGraph.Node
        typealias Edge = NetworkGraph.Edge
        let isWords = preparation.vocabulary.level == .word
        let (inputs, width) =
            isWords ? ("embedding", configuration.embeddingSize) : ("tokens", preparation.vocabulary.size)
        var nodes = [
            Node(
                inputs, kind: isWords ? "words' vectors" : "one-hot \(preparation.vocabulary.level.rawValue)s",
                shape: "[time, batch, \(width)]", parameters: parameters.count(of: inputs))
        ]
        var edges: [Edge] = []
        let cell = configuration.cell
        let kind = cell.title + (configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : "")
        let projected = "[batch, \(ClassifyNetwork.projectionSize)]"
        for (direction, end) in [("forward", "last step"), ("backward", "first step")] {
            var below = inputs
            for layer in 0..<configuration.layers {
                let name = "\(direction).\(layer)"
                nodes.append(
                    Node(
                        name, kind: kind, shape: "[time, batch, \(configuration.hiddenSize)]",
                        parameters: parameters.count(of: name), state: cell.stateNames))
                edges.append(Edge(below, name))
                below = name
            }
            let projection = "\(direction)Projection"
            nodes.append(
                Node(projection, kind: "dense", shape: projected, parameters: parameters.count(of: projection)))
            edges += [Edge(below, projection, label: end), Edge(projection, "sum")]
        }
        nodes += [
            Node("sum", shape: projected),
            Node(
                "output", kind: "dense", shape: "[batch, \(preparation.labelNames.count)]",
                parameters: parameters.count(of: "output")),
            Node("loss", kind: "softmax cross-entropy", shape: "[]"),
        ]
        edges += [Edge("sum", "output"), Edge("output", "loss")]
        return NetworkGraph(title: "Classifier", nodes: nodes, edges: edges)
    }
}
