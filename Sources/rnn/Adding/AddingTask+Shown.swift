import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension AddingTask: ShownTask {
    static let unit = "sequences"
    static let lossUnit = "squared error"

    static func title(_ configuration: AddingConfiguration, _ preparation: NoPreparation) -> String {
        "Adding problem over \(configuration.sequenceLength) steps: \(configuration.hiddenSize) "
            + configuration.cell.rawValue
    }

    static func schedule(_ configuration: AddingConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(steps: 50 * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: 10 * stepsPerEpoch)
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
