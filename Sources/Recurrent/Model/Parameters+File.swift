extension Parameters {
    /// Every parameter with its values, as a file stores it.
    public var entries: [TensorFile.Entry] {
        let all = values
        return layout.entries.map { entry in
            TensorFile.Entry(
                name: entry.name, shape: entry.shape, values: Array(all[entry.offset..<entry.offset + entry.count]))
        }
    }

    /// Takes over the values of entries of the same names and shapes.
    ///
    /// - Throws: `RecurrentError` naming `file` and every parameter that is missing, unknown or of another shape.
    public mutating func load(_ entries: [TensorFile.Entry], file: String) throws {
        let byName = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(layout.entries.map(\.name))
        var differences = layout.entries.compactMap { entry in
            guard let found = byName[entry.name] else {
                return "there is no parameter \"\(entry.name)\" of shape \(entry.shape)"
            }
            return found.shape == entry.shape && found.values.count == entry.count
                ? nil : "the parameter \"\(entry.name)\" has the shape \(found.shape); expected \(entry.shape)"
        }
        differences += entries.filter { !known.contains($0.name) }.map { "the network has no parameter \"\($0.name)\"" }
        if byName.count < entries.count { differences.append("a name is there twice") }
        guard differences.isEmpty else {
            throw RecurrentError("\(file): \(differences.joined(separator: ", "))")
        }
        for entry in layout.entries {
            if let found = byName[entry.name] { set(entry.name, to: found.values) }
        }
    }
}
