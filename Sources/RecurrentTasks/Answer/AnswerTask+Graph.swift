import Recurrent
import RecurrentPictures

extension AnswerTask {
    /// The words' vectors, the layers over the story and over the question, and the dense layer to the answers.
    public static func graph(
        _ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Node = NetworkGraph.Node
        typealias Edge = NetworkGraph.Edge
        let (cell, width, hidden) = (configuration.cell, configuration.embeddingSize, configuration.hiddenSize)
        let isAdded = configuration.question == .added
        let dropped = configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : ""
        var nodes: [Node] = []
        var edges: [Edge] = []
        func words(_ name: String) {
            nodes.append(
                Node(
                    name, kind: "words' vectors" + dropped, shape: "[time, batch, \(width)]",
                    parameters: parameters.count(of: name)))
        }
        func layers(_ stack: String, size: Int, above inputs: String) -> String {
            var below = inputs
            for layer in 0..<configuration.layers {
                let name = "\(stack).\(layer)"
                nodes.append(
                    Node(
                        name, kind: cell.title, shape: "[time, batch, \(size)]",
                        parameters: parameters.count(of: name), state: cell.stateNames))
                edges.append(Edge(below, name))
                below = name
            }
            return below
        }
        words("questionWords")
        let question = layers("question", size: isAdded ? width : hidden, above: "questionWords")
        words("storyWords")
        var last: String
        if isAdded {
            nodes.append(Node("sum", shape: "[time, batch, \(width)]"))
            edges += [Edge("storyWords", "sum"), Edge(question, "sum", label: "last step, to every word")]
            last = layers("story", size: hidden, above: "sum")
        } else {
            let story = layers("story", size: hidden, above: "storyWords")
            nodes.append(Node("both", kind: "side by side", shape: "[batch, \(2 * hidden)]"))
            edges += [Edge(story, "both", label: "last step"), Edge(question, "both", label: "last step")]
            last = "both"
        }
        nodes += [
            Node(
                "output", kind: "dense" + dropped, shape: "[batch, \(preparation.outputCount)]",
                parameters: parameters.count(of: "output")),
            Node("loss", kind: "softmax cross-entropy", shape: "[]"),
        ]
        edges += [Edge(last, "output", label: isAdded ? "last step" : ""), Edge("output", "loss")]
        return NetworkGraph(title: "Answers to questions", nodes: nodes, edges: edges)
    }
}
