import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentTraining

/// A line to be found, y = 2x, with a running count of steps as a statistic.
private struct LineTask: IndependentBatchesTask {
    struct Network {
        let slope: Tensor
        let seen: Statistic
        let noise: Dropout

        init(_ binder: inout Binder) {
            slope = binder.weight("slope", [1, 1], initializer: .zeros)
            seen = binder.statistic("seen", [1], initial: 0)
            noise = Dropout(probability: 0.5, &binder)
        }
    }

    /// The validation losses that are pretended, in turn; the real one where they are used up.
    var pretended: [Double] = []
    let stepsPerEpoch = 3
    let itemsPerStep = 4
    var order: [Int] = []
    var criterion: Evaluation.Criterion { .lowest("distance") }

    mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        order = random.permutation(12)
    }

    func loss(of network: Network, position: Int) -> Tensor {
        let x = order[4 * position..<4 * position + 4].map { Float($0) / 12 }
        network.seen.update(network.seen.value + 1)
        let input = Tensor(x, shape: [4, 1])
        let difference = network.noise(input).matmul(network.slope) - input * 2
        return (difference * difference).mean()
    }

    func validation(of network: Network) -> Evaluation? {
        let place = Int(network.seen.value.scalar) / 2 - 1
        let distance = Double(abs(network.slope.scalar - 2))
        return Evaluation(
            loss: distance, measures: ["distance": pretended.indices.contains(place) ? pretended[place] : distance])
    }
}

@Suite struct TrainingLoopTests {
    private func trainer(_ task: LineTask = LineTask(), schedule: LearningRateSchedule = LearningRateSchedule())
        -> Trainer<LineTask>
    {
        Trainer(
            model: Model(seed: 1) { LineTask.Network(&$0) }, optimizer: Adam(learningRate: 0.1), schedule: schedule,
            task: task, seed: 5)
    }

    private func train(
        _ trainer: Trainer<LineTask>, in run: RunDirectory, steps: Int, patience: Int? = nil, kept: Int = 3
    ) throws -> (outcome: TrainingOutcome, trainer: Trainer<LineTask>) {
        var loop = TrainingLoop(
            trainer, in: run,
            schedule: TrainingSchedule(
                steps: steps, evaluateEvery: 2, checkpointEvery: 2, kept: kept, patience: patience),
            configuration: "{}", dataFingerprint: "line")
        return (try loop.train(), loop.trainer)
    }

    @Test func theBestCheckpointIsKept() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            let task = LineTask(pretended: [5, 3, 4, 5, 6, 7])
            #expect(try train(trainer(task), in: run, steps: 12, kept: 1).outcome == .finished)
            #expect(try run.bestCheckpoint().step == 4)
            #expect(try run.latestCheckpoint().step == 12)
            #expect(try run.checkpointSteps() == [4, 12])
            #expect(try run.history().map { $0.measures?["distance"] } == [5, 3, 4, 5, 6, 7])
        }
    }

    @Test func withoutABetterEvaluationItEnds() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            let task = LineTask(pretended: [5, 3, 4, 4, 6, 7])
            let ended = try train(trainer(task), in: run, steps: 100, patience: 2)
            #expect(ended.outcome == .outOfPatience)
            #expect(ended.trainer.step == 8)
            #expect(try run.latestCheckpoint().step == 8)
            // Taken up again, it has no more patience than before; with more, it goes on.
            #expect(try train(ended.trainer, in: run, steps: 100, patience: 2).trainer.step == 8)
            #expect(try train(ended.trainer, in: run, steps: 12, patience: 3).trainer.step == 10)
        }
    }

    @Test func aMarkThatWasNotWrittenIsTakenUp() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            let done = try train(trainer(LineTask(pretended: [5, 3])), in: run, steps: 4).trainer
            try run.markBest(step: 2)
            _ = try train(done, in: run, steps: 4)
            #expect(try run.bestCheckpoint().step == 4)
        }
    }

    @Test func damagedMarksAreRefused() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            _ = try train(trainer(), in: run, steps: 4)
            try Data("../../elsewhere".utf8).write(to: URL(fileURLWithPath: run.bestPath))
            let error = #expect(throws: RecurrentError.self) { try run.bestCheckpoint() }
            #expect(error?.description.contains("`checkpoint` 4") == true)
        }
    }

    @Test func statisticsAndRatesAreResumedExactly() throws {
        try withTemporaryDirectory { directory in
            let schedule = LearningRateSchedule(.cosine(steps: 10), warmUpSteps: 2)
            let whole = try RunDirectory.create(at: directory + "/whole")
            _ = try train(trainer(schedule: schedule), in: whole, steps: 9)
            let halves = try RunDirectory.create(at: directory + "/halves")
            _ = try train(trainer(schedule: schedule), in: halves, steps: 4)
            var second = trainer(schedule: schedule)
            try second.restore(halves.latestCheckpoint(), file: "halves")
            #expect(second.model.statistics["seen"]?.values == [4])
            _ = try train(second, in: halves, steps: 9)
            #expect(try halves.latestCheckpoint() == whole.latestCheckpoint())
            #expect(try whole.latestCheckpoint().statistics.map(\.values) == [[9]])
        }
    }

    @Test func statisticsOfAnotherNetworkAreRefused() throws {
        var checkpoint = trainer().checkpoint(configuration: "{}", dataFingerprint: "line")
        checkpoint.statistics = []
        var other = trainer()
        let error = #expect(throws: RecurrentError.self) { try other.restore(checkpoint, file: "other") }
        #expect(error?.description.contains("statistics") == true)
    }

    @Test func measuresSurviveTheHistory() throws {
        let line = HistoryLine(
            step: 1, epoch: 1, trainLoss: 1, validationLoss: 2, measures: ["accuracy": 0.5], gradientNorm: 1,
            itemsPerSecond: 1, seconds: 1)
        #expect(try HistoryLine(json: Data(try line.json().utf8)) == line)
        #expect(Evaluation.Criterion.highest("accuracy").best(of: [line]) == 0)
        var lowerLoss = line
        lowerLoss.validationLoss = 1
        #expect(Evaluation.Criterion.highest("accuracy").best(of: [line, lowerLoss, lowerLoss]) == 1)
        #expect(Evaluation.Criterion.highest("recall").best(of: [line]) == nil)
    }
}
