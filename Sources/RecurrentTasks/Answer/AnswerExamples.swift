import Recurrent
import RecurrentData
import RecurrentTraining

/// Questions as token numbers, each with the story before it and its answer.
package struct AnswerExamples: Sendable {
    /// The tokens of all statements before each question. Those of one story are slices of the same tokens, so that they
    /// take no more room than the file, however many questions are asked.
    package private(set) var stories: [ArraySlice<Int32>] = []
    /// The tokens of each question.
    package private(set) var questions: [[Int32]] = []
    /// The place of each question's answer among the model's; nil where the model does not have it.
    package private(set) var answers: [Int?] = []
    /// The first answer that the model does not have, and where it stands.
    package private(set) var firstUnknownAnswer: String?
    /// How many tokens of the questions and the statements before them the vocabulary does not have.
    package private(set) var unknownTokenCount = 0

    /// The questions of a file.
    /// - Parameter stories: The places of the stories whose questions are meant; nil for all.
    package init(of file: BabiFile, stories: [Int]? = nil, _ preparation: AnswerPreparation) {
        self.init(of: file, stories: stories, vocabulary: preparation.vocabulary, answers: preparation.answers)
    }

    init(of file: BabiFile, stories chosen: [Int]?, vocabulary: WordVocabulary, answers known: [String]) {
        let places = Dictionary(uniqueKeysWithValues: zip(known, known.indices))
        let chosen = chosen.map(Set.init)
        var line = 0
        for (place, story) in file.stories.enumerated() {
            defer { line += story.lines.count }
            guard chosen?.contains(place) ?? true else { continue }
            var (told, unknown, ends) = ([Int32](), 0, [Int]())
            for (offset, content) in story.lines.enumerated() {
                switch content {
                case .statement(let text):
                    let tokens = vocabulary.encode(text)
                    told += tokens
                    unknown += Self.unknownCount(tokens)
                case .question(let question):
                    let answer = places[question.answer]
                    if answer == nil, firstUnknownAnswer == nil {
                        firstUnknownAnswer =
                            "\(file.name), line \(line + offset + 1): \"\(question.answer.prefix(40))\""
                    }
                    let tokens = vocabulary.encode(question.text)
                    ends.append(told.count)
                    questions.append(tokens)
                    answers.append(answer)
                    unknownTokenCount += unknown + Self.unknownCount(tokens)
                }
            }
            stories += ends.map { told[..<$0] }
        }
    }

    private static func unknownCount(_ tokens: [Int32]) -> Int { tokens.count { $0 == WordVocabulary.unknownToken } }

    /// The number of questions.
    package var count: Int { questions.count }

    /// Some of the questions side by side, with their stories.
    func batch(_ places: [Int]) -> (stories: PaddedBatch, questions: PaddedBatch) {
        (PaddedBatch(places.map { Array(stories[$0]) }), PaddedBatch(places.map { questions[$0] }))
    }

    /// How a network answers.
    package struct Result: Sendable {
        /// The mean cross-entropy, in nats, over the questions whose answers the model has.
        package var loss: Double
        /// How often each of the model's answers was taken for each.
        package var matrix: ConfusionMatrix
        /// How many questions have answers that the model does not have; every one of them is answered wrongly.
        package var unknownAnswerCount: Int

        /// The number of questions.
        package var count: Int { matrix.count + unknownAnswerCount }
        /// The share of questions that are answered rightly.
        package var accuracy: Double { share(matrix.accuracy * Double(matrix.count)) }
        /// The share of the answer that is right most often: what always giving the same answer could reach.
        package var mostFrequentShare: Double {
            share(Double(matrix.classNames.indices.map(matrix.support).max() ?? 0))
        }

        private func share(_ part: Double) -> Double { count == 0 ? 0 : part / Double(count) }
    }

    /// How a network answers the questions.
    package func evaluated(by network: AnswerNetwork, answers names: [String]) -> Result {
        let known = answers.indices.filter { answers[$0] != nil }
        let parts = ExampleParts.ofLikeLengths(known.map { stories[$0].count }, size: 128)
        var matrix = ConfusionMatrix(classNames: names)
        let loss = Evaluation.meanLoss(over: parts) { part in
            let places = part.map { known[$0] }
            let (stories, questions) = batch(places)
            let logits = network(stories: stories, questions: questions)
            let labels = IntegerTensor(places.compactMap { answers[$0] })
            matrix.add(logits: logits.slice(axis: 1, 0..<names.count), labels: labels)
            return (
                sparseSoftmaxCrossEntropy(logits: logits, labels: labels).values.reduce(0) { $0 + Double($1) },
                places.count
            )
        }
        return Result(loss: loss, matrix: matrix, unknownAnswerCount: count - known.count)
    }
}
