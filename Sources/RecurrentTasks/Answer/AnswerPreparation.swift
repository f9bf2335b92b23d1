import Recurrent
import RecurrentData

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
        vocabulary = try WordVocabulary(of: texts, isLowercased: false, name: file.name)
        self.answers = answers.sorted()
        let lengths = AnswerExamples(of: file, stories: stories, vocabulary: vocabulary, answers: self.answers)
        longestStory = lengths.stories.map(\.count).max() ?? 0
        longestQuestion = lengths.questions.map(\.count).max() ?? 0
    }

    private enum CodingKeys: String, CodingKey {
        case vocabulary, answers, longestStory, longestQuestion
    }

    /// Reads all, and checks that there are at least two answers and that they differ.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        vocabulary = try container.decode(WordVocabulary.self, forKey: .vocabulary)
        answers = try container.decode([String].self, forKey: .answers)
        longestStory = try container.decode(Int.self, forKey: .longestStory)
        longestQuestion = try container.decode(Int.self, forKey: .longestQuestion)
        guard answers.count >= 2, Set(answers).count == answers.count else {
            throw RecurrentError("answers has \(answers.count) entries; expected two or more, all different")
        }
        let lengths = 0...Int(Int32.max)
        guard lengths.contains(longestStory), lengths.contains(longestQuestion) else {
            throw RecurrentError("longestStory or longestQuestion is out of the range \(lengths)")
        }
    }
}
