import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

extension TextTask {
    /// The one-hot tokens or their vectors, the recurrent layers, and the dense layer.
    public static func graph(
        _ configuration: TextConfiguration, _ vocabulary: TextVocabulary, parameters: ParameterLayout
    ) -> NetworkGraph {
        let tokens = NetworkGraph.Node.tokens(
            unit: vocabulary.level.rawValue, vocabulary: vocabulary.size, width: configuration.embeddingWidth,
            parameters)
        return NetworkGraph(
            title: "Text model",
            chain: [tokens] + configuration.stack.nodes("cell", parameters: parameters) + [
                .layer(shape: "[time, batch, \(vocabulary.size)]", parameters), .loss("softmax cross-entropy"),
            ])
    }
}
