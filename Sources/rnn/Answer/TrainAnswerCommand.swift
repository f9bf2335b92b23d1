import ArgumentParser
import Recurrent

/// `rnn train answer`.
struct TrainAnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Trains a model that answers questions about stories.",
        discussion: """
            --data is a file of one of the 20 bAbI tasks (qa1_single-supporting-fact_train.txt, ...), or one that rnn \
            data babi makes. The file beside it with _test in its name judges the result. Nothing is chosen: the weights \
            after the last epoch are the result, unless a share of the stories is held back to choose the best epoch.
            """)

    @Option(help: "A file of stories with questions.")
    var data: String

    @Option(help: "The stories that judge the result (default: beside the data, _test for _train in its name).")
    var testData: String?

    @OptionGroup var answer: AnswerOptions
    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    private func configuration(from initial: AnswerConfiguration?) -> AnswerConfiguration {
        var configuration = AnswerConfiguration()
        if let initial {
            configuration.question = initial.question
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.embeddingSize = initial.embeddingSize
        }
        configuration.data = RunOptions.absolutePath(data)
        configuration.testData = testData.map(RunOptions.absolutePath)
        answer.apply(to: &configuration)
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws { try RunOptions.check(configuration(from: nil)) }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(AnswerTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "answer-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)",
            schedule: schedule)
    }
}
