/// What the parameters of a recurrent layer mean, for whoever reads them elsewhere: what their names and shapes do not say.
package struct CellDescription: Equatable, Sendable {
    /// The layer as its parameters' names begin, as in "cell.0"; empty where they begin with nothing.
    package let name: String
    /// The kind of cell, as in "lstm".
    package let kind: String
    /// The gates in the order of the weights' columns, each with a column for every hidden unit; empty where there are none.
    package let gates: [String]
    /// What is added to the net input of the forget gate and stands in no parameter; nil where there is no such gate.
    package let forgetBias: Float?
    /// One time step, from x, h and c to h' and c'; W, R and b are `inputWeight`, `recurrentWeight` and `bias`.
    package let equations: String

    /// All but the name, as one text.
    package var text: String {
        [
            kind, gates.isEmpty ? nil : "columns " + gates.joined(separator: ", "),
            forgetBias.map { "forget bias \($0)" }, equations,
        ].compactMap(\.self).joined(separator: "; ")
    }
}
