import Recurrent
import RecurrentPictures
import RecurrentTraining

extension ImagesTask {
    /// The picture's rows, the recurrent layers, and the dense layer on the last hidden state.
    public static func graph(
        _ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let rows = "[\(preparation.rows), batch, \(preparation.columns)]"
        return NetworkGraph(
            title: "Pictures read row by row",
            chain: [NetworkGraph.Node("picture", kind: "rows as time steps", shape: rows)]
                + configuration.stack.nodes("cell", steps: "\(preparation.rows)", parameters: parameters) + [
                    .layer(kind: "dense, of the last step", shape: "[batch, \(preparation.classes)]", parameters),
                    .loss("softmax cross-entropy"),
                ])
    }
}
