import Recurrent
import RecurrentData
import RecurrentTraining

/// Stories as they were read.
public struct AnswerSource: TaskSource {
    /// The stories that are for training and validation.
    package let file: BabiFile
    /// The stories that the result is judged by, where there are any.
    package let test: BabiFile?

    /// The path of the stories for training.
    public var name: String { file.name }

    /// What the stories are known again by, those that judge too.
    public var fingerprint: String {
        var fingerprint = Fingerprint()
        func write(_ file: BabiFile) { file.stories.forEach { fingerprint.update(text: $0.text) } }
        write(file)
        if let test {
            // Where one file ends counts: stories that are moved from one to the other are others.
            fingerprint.update([0])
            write(test)
        }
        return fingerprint.text
    }

    /// The stories' places as a configuration divides them; of one story, its questions stay together.
    func places(_ configuration: AnswerConfiguration) throws -> Parts<[Int]> {
        try configuration.division().places(count: file.stories.count)
    }
}

extension TaskRun<AnswerTask> {
    /// The questions that the run is evaluated on, or all of another file.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    package func evaluationExamples(of path: String?) throws -> (examples: AnswerExamples, name: String) {
        if let path { return (AnswerExamples(of: try BabiFile(path: path), preparation), path) }
        let source = try source()
        if let test = source.test { return (AnswerExamples(of: test, preparation), test.name) }
        let validation = try source.places(configuration).validation
        let part = validation.isEmpty ? "the training stories" : "the validation part"
        return (
            AnswerExamples(of: source.file, stories: validation.isEmpty ? nil : validation, preparation),
            "\(part) of \(source.name)"
        )
    }
}
