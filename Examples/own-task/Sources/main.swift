// Trains the task of ParityTask.swift in a run directory below ./runs, stops half-way, resumes from the checkpoint, and
// shows that the result has the same bits as training that never stopped. Run it in this directory: swift run

import Foundation
import Recurrent
import RecurrentTraining

let configuration = ParityConfiguration()
let schedule = TrainingSchedule(steps: 400, evaluateEvery: 50, checkpointEvery: 100)

/// Trains to the schedule's end, or until a step; the run keeps history and checkpoints.
func train(_ training: TaskRun<ParityTask>.Training, until stop: Int? = nil) throws -> Trainer<ParityTask> {
    var loop = try TrainingLoop(training, schedule: schedule)
    var step = training.trainer.step
    let outcome = try loop.train(until: { step == stop }) { event, trainer in
        step = trainer.step
        guard case .evaluated(let line) = event else { return }
        print("step \(step): training loss \(line.trainLoss), accuracy \(line.measures?["accuracy"] ?? 0)")
    }
    print("\(outcome) at step \(step)")
    return loop.trainer
}

let directory = try RunDirectory.create(named: "parity")
_ = try train(TaskRun<ParityTask>.begin(configuration) { directory }, until: 210)  // within a pass over the data

// Another process could do this: all that goes on is what is in the directory.
let run = try TaskRun<ParityTask>(openingAt: directory.path)
let resumed = try train(run.resume())

// The same training in memory, without a stop.
var whole = try Trainer<ParityTask>(configuration)
for _ in 0..<schedule.steps { try whole.advance() }
let parameters = [resumed, whole].map { $0.model.parameters.values.map(\.bitPattern) }
let isSame = parameters[0] == parameters[1]
print("resumed and unbroken training have \(isSame ? "the same" : "different") bits")

// The best checkpoint, on sequences that took part in no choice.
let (best, step) = try run.model(.best)
let test = best.evaluate { resumed.task.evaluation(of: $0, on: resumed.task.parts.test) }
let accuracy = test.measures["accuracy"] ?? 0
print("test part, weights of step \(step): \(100 * accuracy)% right")

for picture in LearningCurves.pictures(of: try run.directory.history(), unit: "nats") {
    print(try picture.write(into: run.directory.picturesPath))
}
exit(isSame && accuracy > 0.95 ? 0 : 1)
