extension Initializer {
    /// The names that `named(_:hiddenSize:)` knows, in alphabetical order.
    package static let names = [
        "glorot-normal", "glorot-uniform", "he-normal", "he-uniform", "identity", "lecun-normal", "lecun-uniform",
        "normal", "ones", "orthogonal", "torch-uniform", "truncated-normal", "uniform", "zeros",
    ]

    /// The initialiser with a name, for choosing one on the command line.
    ///
    /// - Parameters:
    ///   - name: One of `names`. `uniform` is within 0.08 (char-rnn's choice), `normal` and `truncated-normal` have a
    ///     standard deviation of 0.05 (Keras's).
    ///   - hiddenSize: The units of the recurrent layer, which `torch-uniform` needs.
    /// - Throws: `RecurrentError` with the list of names, or where `torch-uniform` lacks a hidden size of at least 1.
    package static func named(_ name: String, hiddenSize: Int? = nil) throws -> Initializer {
        switch name {
        case "glorot-normal": return glorotNormal
        case "glorot-uniform": return glorotUniform
        case "he-normal": return heNormal
        case "he-uniform": return heUniform
        case "identity": return identity()
        case "lecun-normal": return lecunNormal
        case "lecun-uniform": return lecunUniform
        case "normal": return normal(standardDeviation: 0.05)
        case "ones": return ones
        case "orthogonal": return orthogonal()
        case "torch-uniform":
            guard let hiddenSize, hiddenSize >= 1 else {
                throw RecurrentError("initializer \"torch-uniform\" needs the size of the recurrent layer, at least 1")
            }
            return torchUniform(hiddenSize: hiddenSize)
        case "truncated-normal": return truncatedNormal(standardDeviation: 0.05)
        case "uniform": return uniform(from: -0.08, to: 0.08)
        case "zeros": return zeros
        default:
            throw RecurrentError(
                "there is no initializer \"\(name)\"; expected one of \(names.joined(separator: ", "))")
        }
    }

    /// The initialiser of this name, which has been found to be one before.
    package static func checked(_ name: String, hiddenSize: Int) -> Initializer {
        guard let found = try? named(name, hiddenSize: hiddenSize) else {
            fatalError("there is no initialiser \(name): a configuration's validate() says so")
        }
        return found
    }
}
