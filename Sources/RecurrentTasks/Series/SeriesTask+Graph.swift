import Recurrent
import RecurrentPictures

extension SeriesTask {
    /// The window, the recurrent layers, the dense layer and the squared error.
    public static func graph(
        _ configuration: SeriesConfiguration, _ preparation: SeriesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let time = configuration.window + configuration.olderSteps
        var nodes = [
            NetworkGraph.Node("window", kind: "input", shape: "[\(time), batch, \(preparation.columns.count)]")
        ]
        nodes += (0..<configuration.layers).map { layer in
            NetworkGraph.Node(
                "cell.\(layer)", kind: configuration.cell.title, shape: "[\(time), batch, \(configuration.hiddenSize)]",
                parameters: parameters.count(of: "cell.\(layer)"), state: configuration.cell.stateNames)
        }
        let steps = configuration.predictsEveryStep ? "\(time), " : ""
        nodes.append(
            NetworkGraph.Node(
                "output", kind: "dense", shape: "[\(steps)batch, \(configuration.horizon)]",
                parameters: parameters.count(of: "output")))
        nodes.append(NetworkGraph.Node("loss", kind: "\(configuration.loss.rawValue) of squared errors", shape: "[]"))
        return NetworkGraph(title: "Forecasting model", chain: nodes)
    }
}
