import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension SortTask: ShownTask {
    static let unit = "lists"
    static let lossUnit = "nats a number"

    static func title(_ configuration: SortConfiguration, _ preparation: NoPreparation) -> String {
        let network = configuration.network
        return "Sorting \(lengths(configuration)) numbers below \(configuration.limit): "
            + "\(network.layers) x \(network.hiddenSize) \(network.cell.rawValue) to read and to write, "
            + (network.attention.map { "\($0.rawValue) attention" } ?? "no attention")
    }

    private static func lengths(_ configuration: SortConfiguration) -> String {
        Set([configuration.minimumLength, configuration.maximumLength]).sorted().map(String.init)
            .joined(separator: " to ")
    }

    static func schedule(_ configuration: SortConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(
            steps: SortConfiguration.steps, evaluateEvery: 5 * stepsPerEpoch, checkpointEvery: 5 * stepsPerEpoch)
    }

    static func use(of run: TaskRun<Self>) -> String {
        let example = (0..<run.configuration.minimumLength).map { String(($0 * 37 + 31) % run.configuration.limit) }
        return "rnn predict \(run.directory.path) \"\(example.joined(separator: " "))\""
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        _ = try run.source(dataPath: options.dataPath)
        let lists = testLists(run.configuration)
        let found = try model.evaluate { try evaluate($0, on: lists, run.configuration) }
        let (exact, accuracy) = (found.measures["exact"] ?? .nan, found.measures["accuracy"] ?? .nan)
        return Report(
            lines: [
                String(
                    format: "exact %.4f  numbers right %.4f  test loss %.4f nats a number", exact, accuracy, found.loss
                )
                    + "  (\(Console.grouped(lists.count)) lists kept for the test)"
            ],
            fields: ["exact": exact, "accuracy": accuracy, "loss": found.loss, "lists": lists.count])
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        let configuration = run.configuration
        let lists = configuration.lists
        try options.showEach(as: lists.numbers) { _, numbers in
            if !lists.lengths.contains(numbers.count) {
                Console.note("\(numbers.count) numbers: the model has learned to sort \(lengths(configuration))")
            }
            let source = PaddedBatch([lists.tokens(numbers)])
            let written = try model.evaluate { try $0.greedy(source, maximumLength: numbers.count + 1)[0] }
            let words = lists.words(written.tokens)
            let isExact = written.isComplete && written.tokens == lists.tokens(numbers.sorted())
            return Report(
                lines: [words.joined(separator: " ") + (isExact ? "" : "  (wrong)")],
                fields: ["numbers": numbers, "written": words, "isSorted": isExact])
        }
    }
}
