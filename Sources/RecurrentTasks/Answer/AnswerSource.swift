import Foundation
import Recurrent
import RecurrentData
import RecurrentTraining

/// Stories as they were read.
public struct AnswerSource: TaskSource {
    /// The stories that are for training and validation.
    public let file: BabiFile
    /// The stories that the result is judged by, where there are any.
    public let test: BabiFile?

    /// The path of the stories for training.
    public var name: String { file.name }

    /// What the stories are known again by, those that judge too.
    public var fingerprint: String {
        let files = [file.stories] + (test.map { [$0.stories] } ?? [])
        // Where one file ends counts: stories that are moved from one to the other are others.
        return Checksum.fingerprint(Array(files.map { $0.map(\.text).joined() }.joined(separator: "\0").utf8))
    }

    /// The stories' places as a configuration divides them; of one story, its questions stay together.
    func parts(_ configuration: AnswerConfiguration) -> (training: [Int], validation: [Int]) {
        let count = Int((Double(file.stories.count) * configuration.validationFraction).rounded())
        var random = RandomSource(seed: configuration.seed)
        let order = count == 0 ? Array(file.stories.indices) : random.permutation(file.stories.count)
        return (order.dropFirst(count).sorted(), order.prefix(count).sorted())
    }
}

extension TaskRun<AnswerTask> {
    /// The questions that judge the run, or all of another file.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    public func judgingExamples(of path: String?) throws -> (examples: AnswerExamples, name: String) {
        if let path { return (AnswerExamples(of: try BabiFile(path: path), preparation), path) }
        let source = try source()
        if let test = source.test { return (AnswerExamples(of: test, preparation), test.name) }
        let validation = source.parts(configuration).validation
        let part = validation.isEmpty ? "the training stories" : "the validation part"
        return (
            AnswerExamples(of: source.file, stories: validation.isEmpty ? nil : validation, preparation),
            "\(part) of \(source.name)"
        )
    }
}
