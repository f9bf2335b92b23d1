import ArgumentParser
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// `rnn train adding`.
struct TrainAddingCommand: TrainTaskCommand {
    typealias Task = AddingTask

    static let configuration = CommandConfiguration(
        commandName: "adding", abstract: "Trains a network to remember two numbers over a long sequence, and add them.",
        discussion: """
            The sequences are generated, new ones for every batch; an epoch is 100 batches. The loss is the squared \
            error, 0.167 for who always answers 1. To compare the four kinds of networks: rnn reproduce adding.

            \(RecurrentOptions.defaults(AddingConfiguration())) \(AddingTask.usualEpochs) epochs. The basic networks have 100 units and learn at \
            0.001, relu-rnn with gradients clipped to 10; relu-rnn begins with the identity as its recurrent weight.
            """)

    @Option(parsing: .unconditional, help: "Steps of a sequence (default: 100).")
    var seqLength: Int?

    @OptionGroup var recurrent: RecurrentOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: AddingConfiguration?) -> AddingConfiguration {
        var configuration = AddingConfiguration(cell: recurrent.model ?? initial?.cell ?? .lstm)
        recurrent.apply(to: &configuration, from: initial)
        configuration.set(\.sequenceLength, seqLength)
        return configuration
    }

    static func runName(_ configuration: AddingConfiguration) -> String {
        "adding-\(configuration.cell.rawValue)-\(configuration.sequenceLength)"
    }
}

extension AddingTask: ShownTask {
    static let unit = "sequences"
    static let lossUnit = "squared error"

    static func title(_ configuration: AddingConfiguration, _ preparation: NoPreparation) -> String {
        "Adding problem over \(configuration.sequenceLength) steps: \(configuration.hiddenSize) "
            + configuration.cell.rawValue
    }

    static let usualEpochs = 50

    static func schedule(_ configuration: AddingConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(
            steps: usualEpochs * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: 10 * stepsPerEpoch)
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        _ = try run.source(dataPath: options.dataPath)
        let configuration = run.configuration
        let error = model.evaluate { testError(of: $0, configuration) }
        return Report(
            lines: [
                "squared error \(Console.fixed(error)), chance \(Console.fixed(AddingSequences.chanceError))"
                    + "  (1,000 other sequences of \(configuration.sequenceLength) steps)"
            ],
            fields: ["squaredError": error, "chance": AddingSequences.chanceError, "sequences": 1000])
    }
}
