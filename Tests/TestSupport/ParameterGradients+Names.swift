import Recurrent

extension ParameterGradients {
    /// The gradient of every parameter, by its name.
    package var byName: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, self[$0.name]!) })
    }
}
