import Recurrent
import RecurrentPictures
import RecurrentTraining

extension HandwritingTask {
    /// The layers, each of which reads the movements and the layer below, the window where there is one, and the outputs,
    /// which read all layers.
    public static func graph(
        _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let outputs = MixtureDensity.outputWidth(components: configuration.mixtures)
        var nodes = [NetworkGraph.Node("movements", kind: "dx, dy, end of stroke", shape: "[time, batch, 3]")]
        var edges: [(String, String)] = []
        if configuration.writesText {
            nodes.append(
                NetworkGraph.Node("text", kind: "one-hot", shape: "[batch, characters, \(preparation.symbols)]"))
        }
        for layer in 0..<configuration.layers {
            let name = "layers.\(layer)"
            nodes.append(
                NetworkGraph.Node(
                    name, kind: "LSTM with peepholes", shape: "[time, batch, \(configuration.hiddenSize)]",
                    parameters: parameters.count(of: name), state: CellKind.lstm.stateNames))
            edges.append(("movements", name))
            if layer == 0, configuration.writesText {
                nodes.append(
                    NetworkGraph.Node(
                        "window", kind: "soft window, \(configuration.windowComponents) curves",
                        shape: "[time, batch, \(preparation.symbols)]", parameters: parameters.count(of: "window"),
                        state: "kappa, window"))
                edges += [("text", "window"), (name, "window")]
            }
            if layer > 0 {
                edges.append(("layers.\(layer - 1)", name))
                if configuration.writesText { edges.append(("window", name)) }
            }
        }
        nodes += [
            .layer(shape: "[time, batch, \(outputs)]", parameters), .loss("mixture density"),
        ]
        edges += (0..<configuration.layers).map { ("layers.\($0)", "output") } + [("output", "loss")]
        return NetworkGraph(
            title: configuration.writesText ? "From a text to handwriting" : "From movements to the next",
            nodes: nodes, edges: edges.map { NetworkGraph.Edge($0, $1) })
    }
}
