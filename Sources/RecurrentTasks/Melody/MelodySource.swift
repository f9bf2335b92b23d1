import Recurrent
import RecurrentData
import RecurrentTraining

/// Pieces of music for training, validation and test.
public struct MelodySource: TaskSource {
    /// What messages call the pieces: the path of their file, or "generated tunes".
    public let name: String
    /// The pieces, or those for training.
    public let pieces: [Tune]
    /// The pieces for validation and test, where a file divides them.
    public let heldBack: TuneFile.HeldBack?

    /// Reads the file of a configuration, or makes tunes: the same for every seed.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    public init(_ configuration: MelodyConfiguration) throws {
        guard let path = configuration.data else {
            var random = RandomSource(seed: 0, operation: .max)
            name = "generated tunes"
            pieces = GeneratedTunes.tunes(MelodyConfiguration.generatedCount, random: &random)
            heldBack = nil
            return
        }
        let file = try TuneFile(path: path)
        (name, pieces, heldBack) = (path, file.pieces, file.heldBack)
    }

    /// What the pieces are known again by.
    public var fingerprint: String {
        let parts = [pieces] + (heldBack.map { [$0.validation, $0.test] } ?? [])
        return Checksum.fingerprint(Array("\(parts.map { $0.map(\.steps) })".utf8))
    }

    /// The pieces as a configuration divides them.
    struct Parts {
        let training, validation, test: [Tune]

        /// What a trained model is judged by: the test part, or else the validation part, or else that for training.
        var judging: (pieces: [Tune], name: String) {
            if !test.isEmpty { return (test, "the test part") }
            return validation.isEmpty ? (training, "the training part") : (validation, "the validation part")
        }
    }

    func parts(_ configuration: MelodyConfiguration) -> Parts {
        if let heldBack { return Parts(training: pieces, validation: heldBack.validation, test: heldBack.test) }
        var random = RandomSource(seed: configuration.seed, operation: 4)
        let order = random.permutation(pieces.count).map { pieces[$0] }
        let validation = Int(Double(order.count) * configuration.validationFraction)
        let test = Int(Double(order.count) * configuration.testFraction)
        return Parts(
            training: Array(order.dropFirst(validation + test)), validation: Array(order.prefix(validation)),
            test: Array(order.dropFirst(validation).prefix(test)))
    }
}

extension TaskRun<MelodyTask> {
    /// The pieces that the run kept for its test, or all of another file, and what they are called.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    public func judgingPieces(of path: String?) throws -> (pieces: [Tune], name: String) {
        let source = try source(dataPath: path)
        let (part, name) = source.parts(configuration).judging
        guard path != nil else { return (part, "\(name) of \(source.name)") }
        return (source.pieces + (source.heldBack.map { $0.validation + $0.test } ?? []), source.name)
    }
}
