import Foundation
import Recurrent

extension AnswerTask: ShownTask {
    static let unit = "questions"
    static let lossUnit = "nats a question"

    static func title(_ configuration: AnswerConfiguration, _ preparation: AnswerPreparation) -> String {
        "Answers: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), question "
            + "\(configuration.question.rawValue), \(preparation.vocabulary.words.count) words, "
            + "\(preparation.answers.count) answers, stories of at most \(preparation.longestStory) words, questions of "
            + "\(preparation.longestQuestion)"
    }

    static func schedule(_ configuration: AnswerConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(
            steps: AnswerConfiguration.usualEpochs * stepsPerEpoch, evaluateEvery: stepsPerEpoch,
            checkpointEvery: stepsPerEpoch)
    }

    static func use(of run: TaskRun<AnswerTask>) -> String {
        "rnn predict \(run.directory.path), and type a story, a sentence on a line, and a question that ends in ?"
    }

    static func report(
        _ run: TaskRun<AnswerTask>, _ model: Model<AnswerNetwork>, dataPath: String?
    ) throws -> Report {
        let (examples, name) = try run.judgingExamples(of: dataPath)
        let judged = model.evaluate { examples.judged(by: $0, answers: run.preparation.answers) }
        var lines = [
            String(format: "loss %.4f nats  accuracy %.4f", judged.loss, judged.accuracy)
                + "  (\(Console.grouped(examples.count)) questions: \(name))",
            String(format: "always the most frequent answer: %.4f", judged.mostFrequentShare),
        ]
        if let first = examples.firstUnknownAnswer {
            lines.append(
                "answers never seen in training, which count as wrong: \(judged.unknownAnswerCount), the first in \(first)"
            )
        }
        if examples.unknownTokenCount > 0 {
            lines.append(
                "words never seen in training, which are all read as one: \(Console.grouped(examples.unknownTokenCount))"
            )
        }
        return Report(
            lines: lines,
            fields: [
                "loss": judged.loss, "accuracy": judged.accuracy, "mostFrequentAnswer": judged.mostFrequentShare,
                "questions": examples.count, "data": name, "unknownAnswers": judged.unknownAnswerCount,
                "unknownWords": examples.unknownTokenCount,
            ])
    }

    // Answers that are named beside the most probable one.
    private static let shownNext = 2

    static func predict(
        _ run: TaskRun<AnswerTask>, _ model: Model<AnswerNetwork>, _ options: PredictionOptions
    ) throws {
        var story = ToldStory(run.preparation)
        if options.inputs.isEmpty, isatty(STDIN_FILENO) == 1 {
            Console.note("A sentence on each line; those that end in ? are answered; an empty line begins a new story.")
        }
        for line in options.allLines() {
            let reply = model.evaluate { story.tell(line, to: $0) }
            if !reply.unknownWords.isEmpty, !options.json {
                Console.note("Never seen in training: \(reply.unknownWords.joined(separator: ", "))")
            }
            for answer in reply.answers { try show(answer, reply, json: options.json) }
        }
    }

    private static func show(_ answer: ToldStory.Answer, _ reply: ToldStory.Reply, json: Bool) throws {
        let shares = zip(answer.answers, answer.probabilities.map(Double.init))
        guard !json else {
            return try Console.json([
                "question": answer.question, "answer": answer.answers[0],
                "probability": Double(answer.probabilities[0]),
                "probabilities": Dictionary(uniqueKeysWithValues: shares), "unknownWords": reply.unknownWords,
            ])
        }
        let shown = shares.prefix(1 + shownNext).map { "\($0) " + String(format: "%.4f", $1) }
        let next = shown.dropFirst().joined(separator: ", ")
        try Console.result("\(answer.question.prefix(60)) \(shown[0])  (\(next))")
    }
}
