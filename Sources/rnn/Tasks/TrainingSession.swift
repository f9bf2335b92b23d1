import ArgumentParser
import Foundation
import Recurrent
import RecurrentTraining

/// Runs a training and shows it: shapes first, then progress, evaluations and samples, and what has become of it.
struct TrainingSession<Task: ShownTask> {
    let schedule: ScheduleOptions

    func run(_ training: TaskRun<Task>.Training) throws {
        let run = training.run
        let configuration = run.configuration
        let stepsPerEpoch = training.trainer.task.stepsPerEpoch
        let plan = schedule.schedule(
            stepsPerEpoch: stepsPerEpoch,
            usual: try run.directory.schedule() ?? Task.schedule(configuration, stepsPerEpoch: stepsPerEpoch))
        guard plan.steps >= training.trainer.step else {
            throw RecurrentError(
                "\(run.directory.path) is at step \(training.trainer.step) already, past step \(plan.steps), where it "
                    + "would end: give a larger --max-steps or --max-epochs")
        }
        announce(training, plan)
        // All evaluations stand in the history; a person reads some of many.
        let evaluations = plan.steps / plan.evaluateEvery
        let shownEvery = evaluations > 2 * Self.shownEvaluations ? evaluations / Self.shownEvaluations : 1
        var loop = try TrainingLoop(training, schedule: plan)
        let signals = StopSignals.install()
        // A reader of the output that goes away must not end the run before it has saved.
        signal(SIGPIPE, SIG_IGN)
        var bar = ProgressBar(
            unit: Task.unit,
            plainInterval: schedule.printEvery == nil ? .seconds(10) : .zero)
        let outcome = try loop.train(until: { signals.requested != nil }) { event, trainer in
            switch event {
            case .progressed(let progress):
                if let every = schedule.printEvery, progress.step % every != 0 { return }
                bar.update(progress)
            case .evaluated(let line):
                let place = line.step / plan.evaluateEvery
                guard schedule.json || line.step == plan.steps || place % shownEvery == 0 else { return }
                bar.clear()
                try show(line, trainer, run, until: { signals.requested != nil })
            case .saved:
                break
            }
        }
        bar.finish()
        signals.remove()
        if outcome == .stopped, let signal = signals.requested {
            Console.note("Stopped at step \(loop.trainer.step). To go on: rnn resume \(run.directory.path)")
            throw ExitCode(StopSignals.exitStatus(for: signal))
        }
        if outcome == .outOfPatience {
            Console.note(
                "Step \(loop.trainer.step): no better evaluation for \(plan.patience ?? 0) of them, so it ends here.")
        }
        if training.trainer.step > 0 && training.trainer.step == plan.steps {
            Console.note("It was done already. To train longer, give a larger --max-steps or --max-epochs.")
        }
        try Task.finish(run, json: schedule.json)
        if outcome == .finished, let note = try Self.stillFalling(run, plan) { Console.note(note) }
        try drawPictures(loop.trainer.task, run)
    }

    private static var shownEvaluations: Int { 20 }

    // Of the loss before, what the last evaluation must have gained to say that more training would help.
    private static var gain: Double { 0.001 }

    /// How to train longer, where the last evaluation was better than any before and the learning rate has not come to 0.
    private static func stillFalling(_ run: TaskRun<Task>, _ plan: TrainingSchedule) throws -> String? {
        let losses = try run.directory.history().compactMap(\.validationLoss)
        let rate = run.configuration.optimization.schedule.rate(at: plan.steps, base: 1)
        guard rate > 0, let last = losses.last, let before = losses.dropLast().min(), last < (1 - gain) * before else {
            return nil
        }
        return
            "The validation loss was still falling (\(Console.fixed(before)), then \(Console.fixed(last))). To train "
            + "twice as long: rnn resume \(run.directory.path) --max-steps \(2 * plan.steps)"
    }

    private func announce(_ training: TaskRun<Task>.Training, _ plan: TrainingSchedule) {
        let task = training.trainer.task
        let start = training.trainer.step > 0 ? ", from step \(training.trainer.step)" : ""
        Console.note(
            """
            \(Task.title(training.run.configuration, training.run.preparation))
            \(InspectCommand.table(of: training.trainer.model))
            Batches of \(task.itemsPerStep) \(Task.unit), \(task.stepsPerEpoch) to an epoch; \(plan.steps) steps\(start)
            Kept in \(training.run.directory.path)
            """)
        for remark in task.remarks { Console.note(Console.harmless(OptionNames.worded(remark))) }
    }

    private func show(
        _ line: HistoryLine, _ trainer: Trainer<Task>, _ run: TaskRun<Task>, until shouldStop: () -> Bool
    ) throws {
        let sample =
            schedule.sampleLength == 0
            ? nil : try Task.sample(trainer, run, length: schedule.sampleLength, until: shouldStop)
        if schedule.json {
            var fields: [String: any Sendable] = [
                "event": "evaluated", "step": line.step, "epoch": line.epoch, "trainLoss": line.trainLoss,
                "gradientNorm": line.gradientNorm, "itemsPerSecond": line.itemsPerSecond, "seconds": line.seconds,
            ]
            if let loss = line.validationLoss { fields["validationLoss"] = loss }
            if let measures = line.measures { fields["measures"] = measures }
            if let sample { fields["sample"] = sample }
            return try Console.json(fields)
        }
        var text = "step \(line.step)  epoch \(String(format: "%.2f", line.epoch))"
        text += "  training loss \(Console.fixed(line.trainLoss))"
        if let loss = line.validationLoss { text += "  validation loss \(Console.fixed(loss))" }
        for (name, value) in (line.measures ?? [:]).sorted(by: { $0.key < $1.key }) {
            text += "  \(name) \(Console.fixed(value))"
        }
        text += "  \(Console.grouped(Int(line.itemsPerSecond))) \(Task.unit)/s"
        try Console.result(text)
        if let sample {
            let lines = sample.split(whereSeparator: \.isNewline)
            try Console.result(
                lines.map { "    " + Console.harmless(String($0), keeping: ["\t"]) }.joined(separator: "\n"))
        }
    }

    /// The curves of the training, and what the task has to show, with the best weights.
    private func drawPictures(_ task: Task, _ run: TaskRun<Task>) throws {
        let own = try run.model().model.evaluate { try task.pictures(of: $0) }
        let curves = LearningCurves.pictures(of: try run.directory.history(), unit: Task.lossUnit)
        let paths = try (curves + own).map { try $0.picture.write(as: $0.name, into: run.directory.picturesPath) }
        Console.note("Pictures: \(paths.joined(separator: ", "))")
    }
}
