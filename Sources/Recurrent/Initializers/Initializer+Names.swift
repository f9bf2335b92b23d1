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
    ///     standard deviation of 0.05 (Keras's); each of the three may be followed by another number, as in
    ///     `uniform:0.1`.
    ///   - hiddenSize: The units of the recurrent layer, which `torch-uniform` needs.
    /// - Throws: `RecurrentError` with the list of names, or where `torch-uniform` lacks a hidden size of at least 1.
    package static func named(_ name: String, hiddenSize: Int? = nil) throws -> Initializer {
        if let scaled = try scaled(name) { return scaled }
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

    /// The initialiser of a name with a number after a colon; nil where there is no colon.
    private static func scaled(_ name: String) throws -> Initializer? {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        guard ["uniform", "normal", "truncated-normal"].contains(parts[0]) else {
            throw RecurrentError(
                "initializer \"\(name)\": only uniform, normal and truncated-normal take a number")
        }
        guard let scale = Float(parts[1]), scale > 0, scale.isFinite else {
            throw RecurrentError("initializer \"\(name)\": \"\(parts[1])\" is not a number above 0")
        }
        switch parts[0] {
        case "uniform": return uniform(from: -scale, to: scale)
        case "normal": return normal(standardDeviation: scale)
        default: return truncatedNormal(standardDeviation: scale)
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
