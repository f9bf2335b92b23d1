extension Model {
    /// Writes the parameters under their names, and the statistics as "statistic/name", as a file in the safetensors
    /// format, which takes the place of one of that name only when it is whole.
    /// - Parameters:
    ///   - path: Where the file is written.
    ///   - metadata: Texts of one's own, such as a vocabulary or a scaler's numbers; `TensorFile` reads them again.
    /// - Throws: `RecurrentError` where it cannot be written, or the metadata has the key "checksum".
    public func save(to path: String, metadata: [String: String] = [:]) throws {
        let kept = statistics.entries.map { entry in
            TensorFile.Entry(name: Statistic.filePrefix + entry.name, shape: entry.shape, values: entry.values)
        }
        try TensorFile(metadata: metadata, entries: parameters.entries + kept).write(to: path)
    }

    /// Makes a model whose parameters and statistics a file has.
    /// - Parameters:
    ///   - path: A file that `save(to:metadata:)` wrote, or any in the safetensors format with the same names.
    ///   - seed: What is random in later training steps follows from it.
    ///   - build: Makes the network, as in `init(seed:_:)`.
    /// - Throws: `RecurrentError` where the file cannot be read or is damaged, and with all differences where its names
    ///   and shapes are not those of the network.
    public init(
        contentsOf path: String, seed: UInt64 = 1, _ build: @escaping @Sendable (inout Binder) -> Network
    ) throws {
        self.init(seed: seed, build)
        let entries = try TensorFile(contentsOf: path).entries
        try parameters.load(entries.filter { !$0.name.hasPrefix(Statistic.filePrefix) }, file: path)
        let kept = entries.filter { $0.name.hasPrefix(Statistic.filePrefix) }.map { entry in
            TensorFile.Entry(
                name: String(entry.name.dropFirst(Statistic.filePrefix.count)), shape: entry.shape, values: entry.values
            )
        }
        try statistics.load(kept, file: "\(path), the statistics")
    }

    /// Takes a part of a file's tensors over into parameters, to go on from a part of another model.
    /// - Parameters:
    ///   - path: A file in the safetensors format: one that `save(to:metadata:)` wrote, or a run's checkpoint.
    ///   - parameter: Gives the parameter that a tensor of the file goes into, or nil to leave it:
    ///     `{ $0.hasPrefix("encoder.") ? $0 : nil }` takes one part, under its own names.
    /// - Returns: What was taken, and what was not.
    /// - Throws: `RecurrentError` where the file cannot be read or is damaged, and with all differences where a parameter
    ///   is unknown, is given twice or has another shape. The model is then as it was.
    @discardableResult
    public mutating func load(
        from path: String, matching parameter: (_ nameInFile: String) -> String?
    ) throws -> LoadedParameters {
        let matches = try TensorFile(contentsOf: path).entries.map { (parameter($0.name), $0) }
        let declared = Dictionary(uniqueKeysWithValues: parameters.layout.entries.map { ($0.name, $0) })
        var values: [String: [Float]] = [:]
        var differences: [String] = []
        for case (let name?, let entry) in matches {
            if let own = declared[name] {
                if own.shape != entry.shape {
                    differences.append(
                        "\"\(entry.name)\" has the shape \(entry.shape); \"\(name)\" expects \(own.shape)")
                } else if values.updateValue(entry.values, forKey: name) != nil {
                    differences.append("\"\(name)\" is given twice")
                }
            } else {
                differences.append("\"\(entry.name)\" is for \"\(name)\", which the network does not have")
            }
        }
        guard differences.isEmpty else {
            throw RecurrentError("\(path): \(differences.joined(separator: ", "))")
        }
        for (name, values) in values { parameters.set(name, to: values) }
        let names = parameters.layout.entries.map(\.name)
        return LoadedParameters(
            taken: names.filter { values[$0] != nil }, kept: names.filter { values[$0] == nil },
            left: matches.filter { $0.0 == nil }.map(\.1.name))
    }

    /// Freezes the parameters whose names satisfy a predicate, and no others: `model.freeze { $0.hasPrefix("cell.") }`.
    ///
    /// Frozen parameters have no gradient, which costs nothing then, and no optimiser moves them, not by momentum nor by
    /// weight decay either. `model.freeze { _ in false }` lets all be trained again.
    /// - Returns: The names of the frozen parameters, in the network's order.
    @discardableResult
    public mutating func freeze(where isFrozen: (_ name: String) -> Bool) -> [String] {
        parameters.freeze(where: isFrozen)
        return parameters.layout.entries.filter(\.isFrozen).map(\.name)
    }
}

/// What `Model.load(from:matching:)` did.
public struct LoadedParameters: Sendable, Equatable {
    /// The names of the parameters that have values of the file now, in the network's order.
    public let taken: [String]
    /// The names of the parameters that stayed as they were, in the network's order.
    public let kept: [String]
    /// The names of the file's tensors that were left.
    public let left: [String]
}
