import Recurrent
import RecurrentPictures
import RecurrentTraining

extension AnswerTask {
    /// The words' vectors, the layers over the story and over the question, and the dense layer to the answers.
    public static func graph(
        _ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Node = NetworkGraph.Node
        typealias Edge = NetworkGraph.Edge
        let (width, hidden) = (configuration.embeddingSize, configuration.hiddenSize)
        let isAdded = configuration.question == .added
        let dropped = configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : ""
        var (nodes, edges) = ([Node](), [Edge]())
        func words(_ name: String) {
            nodes.append(
                Node(
                    name, kind: "words' vectors" + dropped, shape: "[time, batch, \(width)]",
                    parameters: parameters.count(of: name)))
        }
        func layers(_ name: String, hiddenSize: Int, above inputs: String) -> String {
            let stack = configuration.stack(hiddenSize: hiddenSize).nodes(name, parameters: parameters)
            nodes += stack
            edges += zip([inputs] + stack.map(\.name), stack).map { Edge($0, $1.name) }
            return stack.last?.name ?? inputs
        }
        words("questionWords")
        let question = layers("question", hiddenSize: configuration.questionSize, above: "questionWords")
        words("storyWords")
        var last: String
        if isAdded {
            nodes.append(Node("sum", shape: "[time, batch, \(width)]"))
            edges += [Edge("storyWords", "sum"), Edge(question, "sum", label: "last step, to every word")]
            last = layers("story", hiddenSize: hidden, above: "sum")
        } else {
            let story = layers("story", hiddenSize: hidden, above: "storyWords")
            nodes.append(Node("both", kind: "side by side", shape: "[batch, \(2 * hidden)]"))
            edges += [Edge(story, "both", label: "last step"), Edge(question, "both", label: "last step")]
            last = "both"
        }
        nodes += [
            .layer(kind: "dense" + dropped, shape: "[batch, \(preparation.outputCount)]", parameters),
            .loss("softmax cross-entropy"),
        ]
        edges += [Edge(last, "output", label: isAdded ? "last step" : ""), Edge("output", "loss")]
        return NetworkGraph(title: "Answers to questions", nodes: nodes, edges: edges)
    }
}
