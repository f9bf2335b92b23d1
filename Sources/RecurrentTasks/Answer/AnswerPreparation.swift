import Recurrent
import RecurrentData
import RecurrentTraining

/// What a model that answers questions needs to know beside its weights: words, and answers.
public struct AnswerPreparation: Codable, Equatable, Sendable {
    /// The words of the stories and questions, with their capital letters, and the punctuation marks. Token 0 stands for
    /// every other word.
    package let vocabulary: WordVocabulary
    /// The answers, in order. An answer of several words is one.
    package let answers: [String]
    /// The number of tokens of the longest story before a question.
    package let longestStory: Int
    /// The number of tokens of the longest question.
    package let longestQuestion: Int

    /// The number of a network's outputs. The answers come first; after them, as in the notes' models, whatever else could
    /// be said: every other word, and the token of unknown ones. None of these is ever right, but a network that has to
    /// learn so learns its stories less by heart.
    package var outputCount: Int { vocabulary.size + Set(answers).subtracting(vocabulary.words).count }

    /// The most different answers.
    package static let mostAnswers = 10_000

    /// Collects the words and answers of a file's stories.
    ///
    /// - Throws: `RecurrentError` where there are fewer than two answers, too many, or no words.
    package init(of file: BabiFile, stories: [Int]) throws {
        var texts: [String] = []
        var answers = Set<String>()
        for line in stories.flatMap({ file.stories[$0].lines }) {
            switch line {
            case .statement(let text): texts.append(text)
            case .question(let question):
                texts.append(question.text)
                answers.insert(question.answer)
            }
        }
        guard (2...Self.mostAnswers).contains(answers.count) else {
            throw RecurrentError(
                "\(file.name): the questions for training have \(answers.count) different answers; expected 2 to "
                    + "\(Self.mostAnswers)")
        }
        vocabulary = try WordVocabulary(of: texts, splitting: WordSplitting(), name: file.name)
        self.answers = answers.sorted()
        let lengths = AnswerExamples(of: file, stories: stories, vocabulary: vocabulary, answers: self.answers)
        longestStory = lengths.stories.map(\.count).max() ?? 0
        longestQuestion = lengths.questions.map(\.count).max() ?? 0
    }
}

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
