import ArgumentParser
import RecurrentTasks

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
    @OptionGroup var answer: AnswerOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: AnswerConfiguration?) -> AnswerConfiguration {
        var configuration = AnswerConfiguration()
        if let initial {
            configuration.question = initial.question
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.embeddingSize = initial.embeddingSize
        }
        let data = RunOptions.absolutePath(data)
        configuration.data = data
        configuration.testData = testData.map(RunOptions.absolutePath) ?? AnswerConfiguration.testData(beside: data)
        layers.apply(to: &configuration)
        answer.apply(to: &configuration)
        return configuration
    }
}
