import Recurrent
import RecurrentData
import RecurrentPictures

extension TextTask {
    /// The one-hot tokens or their vectors, the recurrent layers, dropout where there is some, and the dense layer.
    public static func graph(
        _ configuration: TextConfiguration, _ vocabulary: TextVocabulary, parameters: ParameterLayout
    ) -> NetworkGraph {
        var nodes = [
            configuration.embeddingWidth.map { width in
                NetworkGraph.Node(
                    "embedding", kind: "\(vocabulary.level.rawValue)s' vectors", shape: "[time, batch, \(width)]",
                    parameters: parameters.count(of: "embedding"))
            } ?? NetworkGraph.Node("tokens", kind: "one-hot", shape: "[time, batch, \(vocabulary.size)]")
        ]
        let shape = "[time, batch, \(configuration.hiddenSize)]"
        for layer in 0..<configuration.layers {
            nodes.append(
                NetworkGraph.Node(
                    "cell.\(layer)", kind: configuration.cell.title, shape: shape,
                    parameters: parameters.count(of: "cell.\(layer)"), state: configuration.cell.stateNames))
            if configuration.dropout > 0 {
                nodes.append(
                    NetworkGraph.Node("dropout.\(layer)", kind: "dropout \(configuration.dropout)", shape: shape))
            }
        }
        nodes.append(
            NetworkGraph.Node(
                "output", kind: "dense", shape: "[time, batch, \(vocabulary.size)]",
                parameters: parameters.count(of: "output")))
        nodes.append(NetworkGraph.Node("loss", kind: "softmax cross-entropy", shape: "[]"))
        return NetworkGraph(title: "Text model", chain: nodes)
    }
}
