import ArgumentParser
import RecurrentTraining

/// Which checkpoint of a run is used.
struct CheckpointOption: ParsableArguments {
    @Option(help: "The checkpoint to use: best (by validation), latest, or the number of a step.")
    var checkpoint = "best"

    func validate() throws {
        guard ["best", "latest"].contains(checkpoint) || Int(checkpoint).map({ $0 >= 0 }) == true else {
            throw ValidationError("--checkpoint is \(checkpoint); expected best, latest or a step's number")
        }
    }

    func of<Task: ShownTask>(_ task: Task.Type) -> TaskRun<Task>.CheckpointChoice {
        if checkpoint == "latest" { return .latest }
        return Int(checkpoint).map { .step($0) } ?? .best
    }
}
