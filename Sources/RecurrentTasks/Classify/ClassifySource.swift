import Recurrent
import RecurrentData
import RecurrentTraining

/// Labelled texts as they were read.
public struct ClassifySource: TaskSource {
    /// The texts.
    public let texts: LabelledTexts
    /// The path they were read from.
    public let name: String

    /// What the texts and their labels are known again by.
    public var fingerprint: String {
        let lines = zip(texts.texts, texts.labels).map { "\(texts.labelNames[$1])\t\($0)\n" }
        return Checksum.fingerprint(Array(lines.joined().utf8))
    }

    /// The texts as a configuration divides them.
    func parts(_ configuration: ClassifyConfiguration) throws -> Parts {
        let (training, validation, test) = try texts.split(
            validationFraction: configuration.validationFraction, testFraction: configuration.testFraction,
            seed: configuration.seed)
        return Parts(training: training, validation: validation, test: test)
    }

    /// The texts for training, validation and test.
    struct Parts {
        let training, validation, test: LabelledTexts

        /// What a trained model is judged by: the test part, or else the validation part, or else that for training.
        var judging: (texts: LabelledTexts, name: String) {
            if test.count > 0 { return (test, "the test part") }
            return validation.count > 0 ? (validation, "the validation part") : (training, "the training part")
        }
    }
}

extension TaskRun<ClassifyTask> {
    /// The texts that the run kept for its test, or all of another path.
    ///
    /// - Throws: `RecurrentError` where they cannot be read, or have labels that the model does not know.
    public func judgingExamples(of path: String?) throws -> (examples: ClassifyExamples, name: String) {
        let source = try source(dataPath: path)
        let (part, name) = try source.parts(configuration).judging
        return (
            try preparation.examples(
                of: path == nil ? part : source.texts, limit: configuration.sequenceLength, name: source.name),
            path == nil ? "\(name) of \(source.name)" : source.name
        )
    }
}
