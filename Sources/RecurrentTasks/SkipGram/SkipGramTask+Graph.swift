import Recurrent
import RecurrentPictures

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
                NetworkGraph.Node(
                    "words", kind: "embedding", shape: "[pairs, \(width)]", parameters: parameters.count(of: "words")),
                NetworkGraph.Node(
                    "contexts", kind: "embedding", shape: "[pairs, \(configuration.negatives + 1)]",
                    parameters: parameters.count(of: "contexts")),
                NetworkGraph.Node("loss", kind: "negative sampling", shape: "[]"),
            ])
    }
}
