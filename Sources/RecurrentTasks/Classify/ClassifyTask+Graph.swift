import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

extension ClassifyTask {
    /// The tokens, the two stacks side by side, their projections, the sum, and the dense layer to the classes.
    public static func graph(
        _ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Edge = NetworkGraph.Edge
        let tokens = NetworkGraph.Node.tokens(
            unit: preparation.vocabulary.level.rawValue, vocabulary: preparation.vocabulary.size,
            width: configuration.embeddingWidth(preparation.vocabulary), parameters)
        let projected = "[batch, \(ClassifyNetwork.projectionSize)]"
        var (nodes, edges) = ([tokens], [Edge]())
        for (direction, end) in [("forward", "last step"), ("backward", "first step")] {
            let projection = "\(direction)Projection"
            let chain =
                configuration.stack.nodes(direction, parameters: parameters)
                + [.layer(projection, shape: projected, parameters)]
            nodes += chain
            for (below, above) in zip([tokens] + chain, chain) {
                edges.append(Edge(below.name, above.name, label: above.name == projection ? end : ""))
            }
            edges.append(Edge(projection, "sum"))
        }
        nodes += [
            NetworkGraph.Node("sum", shape: projected),
            .layer(shape: "[batch, \(preparation.labelNames.count)]", parameters), .loss("softmax cross-entropy"),
        ]
        return NetworkGraph(
            title: "Classifier", nodes: nodes, edges: edges + [Edge("sum", "output"), Edge("output", "loss")])
    }
}
