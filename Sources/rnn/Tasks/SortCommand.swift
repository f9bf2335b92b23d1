import ArgumentParser
import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

/// `rnn train sort`.
struct TrainSortCommand: TrainTaskCommand {
    typealias Task = SortTask

    static let configuration = CommandConfiguration(
        commandName: "sort", abstract: "Trains an encoder and decoder to sort numbers.",
        discussion: """
            The encoder reads a list, and its last state is all that the decoder gets to write it in order. Lists are \
            generated, new ones for every batch; an epoch is 100 batches. One of eight lists, in any order of its \
            numbers, is held back from training: half of these are for validation, and 1,000 of them choose the best \
            weights; the other half are for the test, and 1,000 of them are what the result is evaluated on.

            \(LayerOptions.defaults(SortConfiguration())) The learning rate falls to 0 in \(SortConfiguration.steps) steps \
            (cosine), with which training ends: with --max-steps N give --lr-schedule cosine:N too.
            """)

    @Option(help: "Numbers of a list: a count, or a range as in 5-15 (default: 10).")
    var length: LengthRange?

    @Option(parsing: .unconditional, help: "Numbers are from 0 to below this (default: 100).")
    var limit: Int?

    @OptionGroup var network: EncoderDecoderOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SortConfiguration?) -> SortConfiguration {
        var configuration = SortConfiguration()
        configuration.set(\.minimumLength, length?.least ?? initial?.minimumLength)
        configuration.set(\.maximumLength, length?.most ?? initial?.maximumLength)
        configuration.set(\.limit, limit ?? initial?.limit)
        network.apply(to: &configuration, from: initial)
        return configuration
    }
}

/// How long lists are: one length, or two with a dash between.
struct LengthRange: ExpressibleByArgument {
    let least: Int
    let most: Int

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let least = parts.first ?? nil, let most = parts.last ?? nil, parts.count <= 2 else { return nil }
        self.least = least
        self.most = most
    }
}

extension SortTask: PredictingTask {
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
