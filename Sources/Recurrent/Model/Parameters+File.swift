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
    /// - Throws: `RecurrentError` naming `file` and the parameter that is missing, unknown or of another shape.
    public mutating func load(_ entries: [TensorFile.Entry], file: String) throws {
        let byName = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in layout.entries {
            guard let found = byName[entry.name] else {
                throw RecurrentError("\(file): there is no parameter \"\(entry.name)\" of shape \(entry.shape)")
            }
            guard found.shape == entry.shape, found.values.count == entry.count else {
                throw RecurrentError(
                    "\(file): the parameter \"\(entry.name)\" has the shape \(found.shape); expected \(entry.shape)")
            }
        }
        guard entries.count == layout.entries.count else {
            let known = Set(layout.entries.map(\.name))
            let unknown = entries.first { !known.contains($0.name) }?.name ?? "twice the same name"
            throw RecurrentError("\(file): the network has no parameter \"\(unknown)\"")
        }
        for entry in layout.entries {
            if let found = byName[entry.name] { set(entry.name, to: found.values) }
        }
    }
}
