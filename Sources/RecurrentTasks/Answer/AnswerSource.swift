import Recurrent
import RecurrentData
import RecurrentTraining

/// The stories for training and validation, and those that the result is judged by, where there are any.
public typealias AnswerSource = TaskSource<(file: BabiFile, test: BabiFile?)>

extension AnswerSource {
    package init(_ file: BabiFile, test: BabiFile? = nil) {
        var fingerprint = Fingerprint()
        func write(_ file: BabiFile) { file.stories.forEach { fingerprint.update(text: $0.text) } }
        write(file)
        if let test {
            // Where one file ends counts: stories that are moved from one to the other are others.
            fingerprint.update([0])
            write(test)
        }
        self.init((file, test), name: file.name, fingerprint: fingerprint.text)
    }

    /// The stories' places as a configuration divides them; of one story, its questions stay together.
    func places(_ configuration: AnswerConfiguration) throws -> Parts<[Int]> {
        try configuration.division().places(count: data.file.stories.count)
    }
}

extension TaskRun<AnswerTask> {
    /// The questions that the run is evaluated on, or all of another file.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    package func evaluationExamples(of path: String?) throws -> (examples: AnswerExamples, name: String) {
        if let path { return (AnswerExamples(of: try BabiFile(path: path), preparation), path) }
        let source = try source()
        if let test = source.data.test { return (AnswerExamples(of: test, preparation), test.name) }
        let places = try source.places(configuration).validation
        let (part, stories) = places.isEmpty ? ("the training stories", nil) : ("the validation part", places)
        return (AnswerExamples(of: source.data.file, stories: stories, preparation), "\(part) of \(source.name)")
    }
}
