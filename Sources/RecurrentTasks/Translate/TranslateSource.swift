import Recurrent
import RecurrentData
import RecurrentTraining

/// Pairs of sentences as they were read.
public struct TranslateSource: TaskSource {
    /// The pairs.
    public let pairs: SentencePairs
    /// The path they were read from.
    public let name: String

    /// What the pairs are known again by.
    public var fingerprint: String {
        Checksum.fingerprint(Array(pairs.pairs.map { "\($0.source)\t\($0.target)\n" }.joined().utf8))
    }

    /// The pairs as a configuration divides them.
    func parts(_ configuration: TranslateConfiguration) throws -> Parts {
        let (training, validation, test) = try pairs.split(
            validationFraction: configuration.validationFraction, testFraction: configuration.testFraction,
            seed: configuration.seed)
        return Parts(training: training, validation: validation, test: test)
    }

    /// The pairs for training, validation and test; no source sentence stands in two of them.
    struct Parts {
        let training, validation, test: SentencePairs

        /// What a trained model is judged by: the test part, or else the validation part, or else that for training.
        var judging: (pairs: SentencePairs, name: String) {
            if test.count > 0 { return (test, "the test part") }
            return validation.count > 0 ? (validation, "the validation part") : (training, "the training part")
        }
    }
}

extension TaskRun<TranslateTask> {
    /// The pairs that the run kept for its test, or all of another path.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    public func judgingPairs(of path: String?) throws -> (pairs: SentencePairs, name: String) {
        let source = try source(dataPath: path)
        if path != nil { return (source.pairs, source.name) }
        let (pairs, name) = try source.parts(configuration).judging
        return (pairs, "\(name) of \(source.name)")
    }
}
