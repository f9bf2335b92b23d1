import Recurrent
import RecurrentPictures
import RecurrentTraining

extension SkipGramTask {
    /// The tables of words and contexts, and the loss.
    public static func graph(
        _ configuration: SkipGramConfiguration, _ preparation: WordFrequencies, parameters: ParameterLayout
    ) -> NetworkGraph {
        let width = configuration.embeddingSize
        return NetworkGraph(
            title: "Skip-gram",
            chain: [
                NetworkGraph.Node("pairs", kind: "words and contexts", shape: "[pairs]"),
                .layer("words", kind: "embedding", shape: "[pairs, \(width)]", parameters),
                .layer(
                    "contexts", kind: "embedding", shape: "[pairs, \(configuration.negatives + 1)]", parameters),
                .loss("negative sampling"),
            ])
    }
}
