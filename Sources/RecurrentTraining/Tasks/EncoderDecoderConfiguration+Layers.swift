import Recurrent
import RecurrentPictures

extension EncoderDecoderConfiguration {
    /// An encoder and decoder as a picture; `parameters` are the model's, for the counts.
    package func graph(
        title: String, sourceVocabulary: Int, targetVocabulary: Int, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Node = NetworkGraph.Node
        var graph = NetworkGraph(title: title, nodes: [], edges: [])
        func tokens(_ name: String, vocabulary: Int) {
            let kind = embeddingSize == nil ? "one-hot" : "embedding"
            graph.add(
                Node(
                    name, kind: kind, shape: "[time, batch, \(embeddingSize ?? vocabulary)]",
                    parameters: embeddingSize == nil ? 0 : parameters.count(of: name)))
        }
        let shape = "[time, batch, \(hiddenSize)]"
        let kind = (layers > 1 ? "\(layers) x " : "") + stack.title
        tokens("source", vocabulary: sourceVocabulary)
        tokens("target", vocabulary: targetVocabulary)
        let reading = isBidirectional ? "both ways" : reversesSource ? "from the end" : ""
        graph.add(
            Node(
                "encoder", kind: [kind, reading].filter { !$0.isEmpty }.joined(separator: ", "),
                shape: "[time, batch, \(memorySize)]", parameters: parameters.count(of: "encoder"),
                state: cell.stateNames), after: ("source", ""))
        graph.add(
            Node(
                "decoder", kind: kind, shape: shape,
                parameters: parameters.count(of: "decoder"), state: cell.stateNames), after: ("target", ""),
            ("encoder", "the last state"))
        var last = "decoder"
        if let attention {
            graph.add(
                Node(
                    "attention", kind: attention.rawValue + (feedsContext ? ", fed to the next step" : ""),
                    shape: "[time, batch, \(memorySize)]", parameters: parameters.count(of: "attention")),
                after: ("encoder", "memory"), ("decoder", "queries"))
            graph.add(
                .layer("combination", kind: "dense, tanh", shape: shape, parameters),
                after: ("decoder", ""), ("attention", "contexts"))
            last = "combination"
        }
        graph.add(.layer(shape: "[time, batch, \(targetVocabulary)]", parameters), after: (last, ""))
        graph.add(.loss("softmax cross-entropy"), after: ("output", ""))
        return graph
    }

    /// Bytes that training needs, roughly.
    /// - Parameters:
    ///   - sourceVocabulary: The number of the sources' tokens.
    ///   - targetVocabulary: The number of the targets' tokens.
    ///   - sourceRows: Time steps times sequences of a batch of sources.
    ///   - targetRows: The same of targets.
    package func trainingBytes(
        sourceVocabulary: Int, targetVocabulary: Int, sourceRows: Int, targetRows: Int
    ) -> Double {
        let encoder = stack.trainingBytes(
            inputSize: embeddingSize ?? sourceVocabulary, outputSize: 0, rows: sourceRows, outputRows: 0)
        let decoder = stack.trainingBytes(
            inputSize: (embeddingSize ?? targetVocabulary) + (feedsContext ? memorySize : 0),
            outputSize: targetVocabulary, rows: targetRows, outputRows: targetRows)
        let tables = 16 * Double(embeddingSize ?? 0) * Double(sourceVocabulary + targetVocabulary)
        return (isBidirectional ? 2 : 1) * encoder + decoder + tables
    }

    /// The layers of the encoder, and those of the decoder.
    var stack: RecurrentStack {
        RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers, dropout: dropout)
    }
}
