import Foundation
import TestSupport

@testable import Recurrent
@testable import RecurrentTraining

/// Trains a run at a path until it has made so many steps: a new one, or one taken up again.
func train<Task: StoredTask>(
    _ task: Task.Type, _ configuration: Task.Configuration, at path: String, until steps: Int
) throws {
    let isThere = FileManager.default.fileExists(atPath: path)
    let training =
        isThere
        ? try TaskRun<Task>(openingAt: path).resume()
        : try TaskRun<Task>.begin(configuration) { try RunDirectory.create(at: path) }
    var loop = try TrainingLoop(
        training, schedule: TrainingSchedule(steps: steps, evaluateEvery: 6, checkpointEvery: 6))
    _ = try loop.train()
}

/// Whether 15 steps at once on three threads, 8 and then 7 more, and 15 on one thread lead to the same checkpoint, bit by
/// bit.
func leadsToTheSameBits<Task: StoredTask>(
    _ task: Task.Type, _ configuration: Task.Configuration, in directory: String
) throws -> Bool {
    try train(task, configuration, at: directory + "/parts", until: 8)
    try train(task, configuration, at: directory + "/parts", until: 15)
    _ = try onThreads([3, 1]) {
        try train(task, configuration, at: "\(directory)/on-\(RecurrentKernels.threads)", until: 15)
    }
    let checkpoints = try ["on-3", "parts", "on-1"].map {
        try RunDirectory.open(at: "\(directory)/\($0)").latestCheckpoint()
    }
    return checkpoints[0] == checkpoints[1] && checkpoints[0] == checkpoints[2] && checkpoints[0].step == 15
}
