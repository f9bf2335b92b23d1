import Recurrent
import RecurrentPictures

extension NetworkGraph.Node {
    /// A layer with its parameters, a dense one unless said otherwise.
    public static func layer(
        _ name: String = "output", kind: String = "dense", shape: String, _ parameters: ParameterLayout
    )
        -> NetworkGraph.Node
    {
        NetworkGraph.Node(name, kind: kind, shape: shape, parameters: parameters.count(of: name))
    }

    /// Tokens as learned vectors of a width, or one-hot where they have none.
    /// - Parameters:
    ///   - name: What the vectors' part of the model is called.
    ///   - unit: What a token is, as in "word".
    public static func tokens(
        _ name: String = "embedding", unit: String, vocabulary: Int, width: Int?, _ parameters: ParameterLayout
    ) -> NetworkGraph.Node {
        guard let width else {
            return NetworkGraph.Node("tokens", kind: "one-hot \(unit)s", shape: "[time, batch, \(vocabulary)]")
        }
        return NetworkGraph.Node(
            name, kind: "\(unit)s' vectors", shape: "[time, batch, \(width)]", parameters: parameters.count(of: name))
    }

    /// The loss at a network's end.
    public static func loss(_ kind: String) -> NetworkGraph.Node { NetworkGraph.Node("loss", kind: kind, shape: "[]") }
}
