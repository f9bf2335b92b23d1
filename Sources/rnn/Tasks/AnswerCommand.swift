import ArgumentParser
import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension AnswerConfiguration.QuestionUse: ExpressibleByArgument {}

/// `rnn train answer`.
struct TrainAnswerCommand: TrainTaskCommand {
    typealias Task = AnswerTask

    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Trains a model that answers questions about stories.",
        discussion: """
            --data is a file of one of the 20 bAbI tasks (qa1_single-supporting-fact_train.txt, ...), or one that rnn \
            data babi makes. The file beside it with _test in its name is what the result is evaluated on. Nothing is chosen by it: the \
            weights after the last epoch are the result, unless a share of the stories is held back to choose the best \
            epoch.

            \(LayerOptions.defaults(AnswerConfiguration())) \(AnswerConfiguration.usualEpochs) epochs. They are the same \
            for all tasks.
            """)

    @Option(help: "A file of stories with questions.")
    var data: String

    @Option(
        help: "The stories that the result is evaluated on (default: beside the data, _test for _train in its name).")
    var testData: String?

    @OptionGroup var layers: LayerOptions

    @Option(
        help: """
            The question is added to every word of the story (model 2 of the notes), or concatenated with the story at \
            its end (model 1) (default: added).
            """)
    var question: AnswerConfiguration.QuestionUse?

    @Option(parsing: .unconditional, help: "Width of a word's vector (default: 50).")
    var embeddingSize: Int?

    @OptionGroup var division: ValidationOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: AnswerConfiguration?) -> AnswerConfiguration {
        var configuration = AnswerConfiguration()
        let data = RunOptions.absolutePath(data)
        configuration.data = data
        configuration.testData = testData.map(RunOptions.absolutePath) ?? AnswerConfiguration.testData(beside: data)
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.question, question ?? initial?.question)
        configuration.set(\.embeddingSize, embeddingSize ?? initial?.embeddingSize)
        division.apply(to: &configuration)
        return configuration
    }
}

extension AnswerTask: PredictingTask {
    static let unit = "questions"
    static let lossUnit = "nats a question"
    static let usualEpochs = AnswerConfiguration.usualEpochs

    static func title(_ configuration: AnswerConfiguration, _ preparation: AnswerPreparation) -> String {
        "Answers: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), question "
            + "\(configuration.question.rawValue), \(preparation.vocabulary.words.count) words, "
            + "\(preparation.answers.count) answers, stories of at most \(preparation.longestStory) words, questions of "
            + "\(preparation.longestQuestion)"
    }

    var remarks: [String] {
        guard configuration.testData == nil else { return [] }
        let evaluated =
            configuration.validationFraction > 0 ? "the validation part" : "the stories that it is trained on"
        return ["There is no test file beside the data: the result is evaluated on \(evaluated). --test-data names one"]
    }

    static func use(of run: TaskRun<Self>) -> String {
        "rnn predict \(run.directory.path), and type a story, a sentence on a line, and a question that ends in ?"
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let (examples, name) = try run.evaluationExamples(of: options.dataPath)
        let found = model.evaluate { examples.evaluated(by: $0, answers: run.preparation.answers) }
        // Without a known answer there is no loss, which is not a loss of zero.
        let hasLoss = found.unknownAnswerCount < found.count
        var lines = [
            (hasLoss ? String(format: "loss %.4f nats  ", found.loss) : "")
                + String(format: "accuracy %.4f", found.accuracy)
                + "  (\(Console.grouped(examples.count)) questions: \(name))",
            String(format: "always the most frequent answer: %.4f", found.mostFrequentShare),
        ]
        if !hasLoss {
            lines.append(
                "none of the \(Console.grouped(examples.count)) answers was seen in training: there is no loss")
        }
        if let first = examples.firstUnknownAnswer {
            lines.append(
                "answers never seen in training, which count as wrong: \(found.unknownAnswerCount), the first in \(first)"
            )
        }
        if examples.unknownTokenCount > 0 {
            lines.append(
                "words never seen in training, which are all read as one: \(Console.grouped(examples.unknownTokenCount))"
            )
        }
        var fields: [String: any Sendable] = [
            "accuracy": found.accuracy, "mostFrequentAnswer": found.mostFrequentShare, "questions": examples.count,
            "data": name, "unknownAnswers": found.unknownAnswerCount, "unknownWords": examples.unknownTokenCount,
        ]
        if hasLoss { fields["loss"] = found.loss }
        return Report(lines: lines, fields: fields)
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        var story = ToldStory(run.preparation)
        if options.inputs.isEmpty, isatty(STDIN_FILENO) == 1 {
            Console.note("A sentence on each line; those that end in ? are answered; an empty line begins a new story.")
        }
        var inputs = options.allLines()
        var hasAnswered = false
        while let line = try inputs.next() {
            let reply = model.evaluate { story.tell(line, to: $0) }
            if !reply.unknownWords.isEmpty, !options.json {
                Console.note("Never seen in training: \(reply.unknownWords.map(Console.shown).joined(separator: ", "))")
            }
            for answer in reply.answers {
                let fields: [String: any Sendable] = [
                    "question": answer.question, "answer": answer.answers[0], "unknownWords": reply.unknownWords,
                ]
                let question = Console.shown(answer.question)
                try Report(of: question, answer.answers, answer.probabilities, fields: fields).show(
                    asJSON: options.json)
            }
            if !reply.answers.isEmpty { hasAnswered = true }
        }
        if !hasAnswered { Console.note("There was no question: a sentence that ends in ?") }
    }
}
