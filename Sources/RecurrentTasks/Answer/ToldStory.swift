import Recurrent
import RecurrentData

/// A story that is told line by line, and asked about.
public struct ToldStory: Sendable {
    /// A question about what was told, and what is made of it.
    public struct Answer: Equatable, Sendable {
        /// The question.
        package let question: String
        /// All answers that the model has, the most probable first.
        package let answers: [String]
        /// Their probabilities, given that it is one of them.
        package let probabilities: [Float]
    }

    /// What a line led to.
    public struct Reply: Equatable, Sendable {
        /// The answers to the questions of the line.
        package var answers: [Answer] = []
        /// The words of the line that the model never saw in training, each once; to it they are all the same.
        package var unknownWords: [String] = []
    }

    private let preparation: AnswerPreparation
    private var tokens: [Int32] = []

    /// Begins without statements.
    package init(_ preparation: AnswerPreparation) { self.preparation = preparation }

    /// Takes in a line: sentences, each of which ends in `.`, `!` or `?`, or with the line. Those that end in `?` are
    /// questions about what stands before; the others are added to the story.
    ///
    /// A number at the line's beginning is passed over, as is everything after a tab, so that lines of bAbI's files can be
    /// told as they are. The number 1 begins a new story, and so does an empty line.
    package mutating func tell(_ line: String, to network: AnswerNetwork) -> Reply {
        var line = line.prefix { $0 != "\t" }
        let number = line.prefix { $0.isASCII && $0.isNumber }
        if !number.isEmpty, line.dropFirst(number.count).first == " " {
            line = line.dropFirst(number.count)
            if Int(number) == 1 { tokens = [] }
        }
        let sentences = Self.sentences(in: line)
        if sentences.isEmpty { tokens = [] }
        var reply = Reply()
        for sentence in sentences {
            let unknown = preparation.vocabulary.unknownWords(in: sentence)
            reply.unknownWords += unknown.filter { !reply.unknownWords.contains($0) }
            if sentence.hasSuffix("?") {
                reply.answers.append(answer(sentence, with: network))
            } else {
                tokens += preparation.vocabulary.encode(sentence)
            }
        }
        return reply
    }

    /// A line's sentences, without blanks around them.
    static func sentences(in line: Substring) -> [String] {
        var sentences: [String] = []
        var rest = line
        while !rest.isEmpty {
            let end = rest.indices.first { place in
                let after = rest.index(after: place)
                return ".!?".contains(rest[place]) && (after == rest.endIndex || rest[after].isWhitespace)
            }
            let next = end.map { rest.index(after: $0) } ?? rest.endIndex
            let sentence = LabelledTexts.trimmed(rest[..<next])
            if !sentence.isEmpty { sentences.append(sentence) }
            rest = rest[next...]
        }
        return sentences
    }

    private func answer(_ question: String, with network: AnswerNetwork) -> Answer {
        let logits = network(
            stories: PaddedBatch([tokens]), questions: PaddedBatch([preparation.vocabulary.encode(question)]))
        let probabilities = logits.slice(axis: 1, 0..<preparation.answers.count).softmax().values
        let order = probabilities.indices.sorted { (-probabilities[$0], $0) < (-probabilities[$1], $1) }
        return Answer(
            question: question, answers: order.map { preparation.answers[$0] },
            probabilities: order.map { probabilities[$0] })
    }
}
