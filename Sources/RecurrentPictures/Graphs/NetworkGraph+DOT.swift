import Foundation

extension NetworkGraph {
    /// The graph in Graphviz's DOT language, for `dot -Tsvg` and other programs.
    public func dot() -> String {
        var lines = [
            "digraph \(NetworkGraph.quoted(title)) {",
            "    label=\(NetworkGraph.quoted(title)); labelloc=t; rankdir=TB;",
            "    node [shape=box, style=rounded, fontname=\"Helvetica\"];",
            "    edge [fontname=\"Helvetica\"];",
        ]
        for node in nodes {
            let label = ([node.name] + node.details).joined(separator: "\n")
            lines.append("    \(NetworkGraph.quoted(node.name)) [label=\(NetworkGraph.quoted(label))];")
        }
        for edge in edges {
            let ends = "\(NetworkGraph.quoted(edge.source)) -> \(NetworkGraph.quoted(edge.target))"
            let label = edge.label.isEmpty ? "" : " [label=\(NetworkGraph.quoted(edge.label))]"
            lines.append("    \(ends)\(label);")
        }
        for node in nodes {
            guard let state = node.state else { continue }
            let name = NetworkGraph.quoted(node.name)
            lines.append("    \(name) -> \(name) [label=\(NetworkGraph.quoted(state)), style=dashed];")
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// The text in double quotes: in labels a backslash begins an escape, an ampersand a character's name.
    private static func quoted(_ text: String) -> String {
        let escapes = [("\\", "\\\\"), ("\"", "\\\""), ("&", "&amp;"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n")]
        let escaped = escapes.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return "\"\(escaped)\""
    }
}
