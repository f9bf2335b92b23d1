import ArgumentParser
import RecurrentTasks

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
