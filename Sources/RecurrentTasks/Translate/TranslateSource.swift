import Recurrent
import RecurrentData
import RecurrentTraining

/// Pairs of sentences as they were read.
public struct TranslateSource: TaskSource {
    /// The pairs, and those of other files for validation and test.
    package let data: SeparableData<SentencePairs>
    /// The path they were read from.
    public let name: String

    /// What the pairs are known again by.
    public var fingerprint: String {
        data.fingerprint { pairs, fingerprint in
            for pair in pairs.pairs { fingerprint.update(text: "\(pair.source)\t\(pair.target)\n") }
        }
    }

    /// The pairs as a configuration divides them; no source sentence of one file stands in two parts.
    func parts(_ configuration: TranslateConfiguration) throws -> Parts<SentencePairs> {
        try data.parts(configuration) { $0.divided(by: $1) }
    }
}

extension TaskRun<TranslateTask> {
    /// The pairs that the run kept for its test, or all of another path.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    package func evaluationPairs(of path: String?) throws -> (pairs: SentencePairs, name: String) {
        let source = try source(dataPath: path)
        if path != nil { return (source.data.whole, source.name) }
        let (pairs, name) = try source.parts(configuration).evaluation { $0.count == 0 }
        return (pairs, "\(name) of \(source.name)")
    }
}
