import Recurrent
import RecurrentData
import RecurrentTraining

/// Labelled texts as they were read.
public struct ClassifySource: TaskSource {
    /// The texts, and those of other files for validation and test.
    package let data: SeparableData<LabelledTexts>
    /// The path they were read from.
    public let name: String

    /// What the texts and their labels are known again by.
    public var fingerprint: String {
        data.fingerprint { texts, fingerprint in
            for (text, label) in zip(texts.texts, texts.labels) {
                fingerprint.update(text: "\(texts.labelNames[label])\t\(text)\n")
            }
        }
    }

    /// The texts as a configuration divides them.
    func parts(_ configuration: ClassifyConfiguration) throws -> Parts<LabelledTexts> {
        try data.parts(configuration) { $0.divided(by: $1) }
    }
}

extension TaskRun<ClassifyTask> {
    /// The texts that the run kept for its test, or all of another path.
    ///
    /// - Throws: `RecurrentError` where they cannot be read, or have labels that the model does not know.
    package func evaluationExamples(of path: String?) throws -> (examples: ClassifyExamples, name: String) {
        let source = try source(dataPath: path)
        let (texts, name) =
            path == nil ? try source.parts(configuration).evaluation { $0.count == 0 } : (source.data.whole, "")
        return (
            try preparation.examples(of: texts, limit: configuration.sequenceLength, name: source.name),
            path == nil ? "\(name) of \(source.name)" : source.name
        )
    }
}
