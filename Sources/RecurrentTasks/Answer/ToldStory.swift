import Recurrent
import RecurrentData

/// A story that is told line by line, and asked about.
package struct ToldStory: Sendable {
    /// A question about what was told, and what is made of it.
    package struct Answer: Equatable, Sendable {
        /// The question.
        package let question: String
        /// All answers that the model has, the most probable first.
        package let answers: [String]
        /// Their probabilities, given that it is one of them.
        package let probabilities: [Float]
    }

    /// What a line led to.
    package struct Reply: Equatable, Sendable {
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
        let line = ToldLine(line)
        if line.beginsStory { tokens = [] }
        var reply = Reply()
        for sentence in line.sentences {
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
