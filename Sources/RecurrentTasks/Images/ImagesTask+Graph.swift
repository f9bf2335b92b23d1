import Recurrent
import RecurrentPictures

extension ImagesTask {
    /// The picture's rows, the recurrent layers, and the dense layer on the last hidden state.
    public static func graph(
        _ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let rows = "[\(preparation.rows), batch, \(preparation.columns)]"
        var nodes = [NetworkGraph.Node("picture", kind: "rows as time steps", shape: rows)]
        for layer in 0..<configuration.layers {
            let isLast = layer == configuration.layers - 1
            let name = "cell.\(layer)"
            nodes.append(
                NetworkGraph.Node(
                    name, kind: configuration.cell.title,
                    shape: isLast
                        ? "[batch, \(configuration.hiddenSize)]"
                        : "[\(preparation.rows), batch, \(configuration.hiddenSize)]",
                    parameters: parameters.count(of: name), state: configuration.cell.stateNames))
        }
        nodes.append(
            NetworkGraph.Node(
                "output", kind: "dense", shape: "[batch, \(preparation.classes)]",
                parameters: parameters.count(of: "output")))
        nodes.append(NetworkGraph.Node("loss", kind: "softmax cross-entropy", shape: "[]"))
        return NetworkGraph(title: "Pictures read row by row", chain: nodes)
    }
}
