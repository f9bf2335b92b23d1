import Recurrent
import RecurrentPictures
import RecurrentTraining

extension SeriesTask {
    /// The window, the recurrent layers, the dense layer and the squared error.
    public static func graph(
        _ configuration: SeriesConfiguration, _ preparation: SeriesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let time = "\(configuration.window + configuration.olderSteps)"
        let steps = configuration.predictsEveryStep ? "\(time), " : ""
        let window = "[\(time), batch, \(preparation.columns.count)]"
        return NetworkGraph(
            title: "Forecasting model",
            chain: [NetworkGraph.Node("window", kind: "input", shape: window)]
                + configuration.stack.nodes("cell", steps: time, parameters: parameters) + [
                    .layer(shape: "[\(steps)batch, \(configuration.horizon)]", parameters),
                    .loss("\(configuration.loss.rawValue) of squared errors"),
                ])
    }
}
