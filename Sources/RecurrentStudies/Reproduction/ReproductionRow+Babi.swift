import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

extension ReproductionRow {
    /// bAbI's second task as the notes prepare it: 35 words in training and test, stories of at most 552 and questions of
    /// 5.
    static let babiStories = ReproductionRow(
        "babi-stories", source: "notes \"RNN examples\": QA bAbI tasks", data: .babi
    ) { path, _ in
        let files = try ["train", "test"].map { try BabiFile(path: babiFile(2, $0, in: path ?? "")) }
        let parts = try files.map { try AnswerPreparation(of: $0, stories: Array($0.stories.indices)) }
        let words = Set(parts.flatMap { $0.vocabulary.words + $0.answers })
        func longest(_ length: (AnswerPreparation) -> Int) -> Double { Double(parts.map(length).max() ?? 0) }
        return .numbers([
            NumberComparison("words", expected: [35], got: [Double(words.count)]),
            NumberComparison("longest story", expected: [552], got: [longest(\.longestStory)]),
            NumberComparison("longest question", expected: [5], got: [longest(\.longestQuestion)]),
        ])
    }

    /// Answers to the questions of the first three tasks: the accuracy on the test after a fixed number of epochs, the mean
    /// of three seeds, and beside it the share of the most frequent answer.
    static let babiAnswers = ReproductionRow(
        "babi", source: "Keras's babi_rnn.py; Weston et al. 2015, table 3", data: .babi
    ) { path, progress in
        let bars = [1: 0.50, 2: 0.32]
        let measurements = try (1...3).map { task in
            var configuration = AnswerConfiguration()
            configuration.data = babiFile(task, "train", in: path ?? "")
            configuration.testData = babiFile(task, "test", in: path ?? "")
            let source = try AnswerTask.read(configuration)
            var results: [AnswerExamples.Result] = []
            for seed in 1...3 {
                configuration.seed = UInt64(seed)
                results.append(try babiResult(configuration, source, progress))
            }
            let accuracies = results.map(\.accuracy)
            return BoundedMeasurement(
                "task \(task), mean of three seeds",
                details: zip(1..., accuracies).map { .init("seed \($0)", $1) } + [
                    .init("most frequent", results.first?.mostFrequentShare)
                ],
                expected: bars[task].map { $0...1 }, got: [accuracies.reduce(0, +) / Double(accuracies.count)])
        }
        return .measurements(of: "test accuracy", measurements, picture: nil)
    }

    /// Trains a model for the usual number of epochs, and evaluates it.
    private static func babiResult(
        _ configuration: AnswerConfiguration, _ source: AnswerSource, _ progress: (String) -> Void
    ) throws -> AnswerExamples.Result {
        var trainer = try Trainer<AnswerTask>(configuration, source: source)
        while trainer.epoch < AnswerConfiguration.usualEpochs {
            try trainer.advance()
            progress("\(source.data.file.name), seed \(configuration.seed), step \(trainer.step)")
        }
        let preparation = trainer.task.preparation
        let examples = AnswerExamples(of: source.data.test ?? source.data.file, preparation)
        return trainer.model.evaluate { examples.evaluated(by: $0, answers: preparation.answers) }
    }

    /// The path of a task's file.
    private static func babiFile(_ task: Int, _ part: String, in directory: String) -> String {
        let name = [1: "single-supporting-fact", 2: "two-supporting-facts", 3: "three-supporting-facts"][task] ?? ""
        return "\(directory)/qa\(task)_\(name)_\(part).txt"
    }
}
