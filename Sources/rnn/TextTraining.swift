import ArgumentParser
import Foundation
import Recurrent

/// Runs a text training and shows it: shapes first, then progress, evaluations and samples.
struct TextTraining {
    let schedule: ScheduleOptions

    func run(_ training: TextRun.Training) throws {
        let run = training.run
        let configuration = run.configuration
        let notesRecipe = configuration.batching == .windows
        let plan = schedule.schedule(
            stepsPerEpoch: training.trainer.task.stepsPerEpoch, notesRecipe: notesRecipe,
            kept: try run.directory.schedule())
        guard plan.steps >= training.trainer.step else {
            throw RecurrentError(
                "\(run.directory.path) is at step \(training.trainer.step) already, past step \(plan.steps), where it "
                    + "would end: give a larger --max-steps or --max-epochs")
        }
        try run.directory.save(schedule: plan)
        announce(training, plan)
        let json = try JSONEncoder.sorted.encode(configuration)
        var loop = TrainingLoop(
            training.trainer, in: run.directory, schedule: plan, configuration: String(decoding: json, as: UTF8.self),
            dataFingerprint: training.dataFingerprint)
        let signals = StopSignals.install()
        // A reader of the output that goes away must not end the run before it has saved.
        signal(SIGPIPE, SIG_IGN)
        var bar = ProgressBar(
            unit: "tokens",
            plainInterval: schedule.printEvery == nil ? .seconds(10) : .zero)
        let outcome = try loop.train(until: { signals.requested != nil }) { event, trainer in
            switch event {
            case .progressed(let progress):
                if let every = schedule.printEvery, progress.step % every != 0 { return }
                bar.update(progress)
            case .evaluated(let line):
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
        if training.trainer.step > 0 && training.trainer.step == plan.steps {
            Console.note("It was done already. To train longer, give a larger --max-steps or --max-epochs.")
        }
        try finish(loop.trainer, run)
    }

    private func announce(_ training: TextRun.Training, _ plan: TrainingSchedule) {
        let configuration = training.run.configuration
        let layout = training.trainer.model.parameters.layout
        let task = training.trainer.task
        let start = training.trainer.step > 0 ? ", from step \(training.trainer.step)" : ""
        Console.note(
            """
            Text model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), \
            \(training.run.vocabulary.size) \(configuration.level.rawValue)s
            \(InspectCommand.table(of: layout))
            Batches of \(task.itemsPerStep) tokens, \(task.stepsPerEpoch) to an epoch; \(plan.steps) steps\(start)
            Kept in \(training.run.directory.path)
            """)
    }

    private func show(
        _ line: HistoryLine, _ trainer: Trainer<TextTask>, _ run: TextRun, until shouldStop: () -> Bool
    ) throws {
        let sample = try schedule.sampleLength == 0 ? "" : self.sample(trainer, run, until: shouldStop)
        if schedule.json {
            var fields: [String: any Sendable] = [
                "event": "evaluated", "step": line.step, "epoch": line.epoch, "trainLoss": line.trainLoss,
                "gradientNorm": line.gradientNorm, "itemsPerSecond": line.itemsPerSecond, "seconds": line.seconds,
            ]
            if let loss = line.validationLoss { fields["validationLoss"] = loss }
            if !sample.isEmpty { fields["sample"] = sample }
            try Console.json(fields)
            return
        }
        var text = "step \(line.step)  epoch \(String(format: "%.2f", line.epoch))"
        text += "  training loss \(String(format: "%.4f", line.trainLoss))"
        if let loss = line.validationLoss { text += "  validation loss \(String(format: "%.4f", loss))" }
        text += "  \(Console.grouped(Int(line.itemsPerSecond))) tokens/s"
        try Console.result(text)
        if !sample.isEmpty {
            try Console.result(sample.split(whereSeparator: \.isNewline).map { "    \($0)" }.joined(separator: "\n"))
        }
    }

    /// The notes' sentence is written out from its first characters, other texts begin after the start token.
    private func sample(
        _ trainer: Trainer<TextTask>, _ run: TextRun, until shouldStop: () -> Bool = { false }
    ) throws -> String {
        let recitation = run.configuration.batching == .windows
        let prompt: [Int32]
        let length: Int
        if recitation {
            let all = try run.vocabulary.encode(TextConfiguration.sentence)
            prompt = Array(all.prefix(run.configuration.sequenceLength))
            length = all.count - prompt.count
        } else {
            prompt = [run.vocabulary.startToken]
            length = schedule.sampleLength
        }
        var tokens: [Int32] = recitation ? prompt : []
        var generator = TextGenerator(
            run.configuration, sampler: try Sampler(temperature: recitation ? 0 : 1),
            seed: run.configuration.seed &+ UInt64(trainer.step))
        try trainer.model.evaluate { network in
            try generator.generate(length, after: prompt, with: network) { token in
                tokens.append(token)
                return !shouldStop()
            }
        }
        return try run.vocabulary.decode(tokens)
    }

    private func finish(_ trainer: Trainer<TextTask>, _ run: TextRun) throws {
        if run.configuration.data == nil && !schedule.json {
            let text = try sample(trainer, run)
            Console.note(
                text == TextConfiguration.sentence
                    ? "From its first \(run.configuration.sequenceLength) characters it writes the sentence back, exactly:"
                    : "From its first \(run.configuration.sequenceLength) characters it writes:")
            try Console.result(text)
        }
        Console.note("Done. To write with it: rnn generate \(run.directory.path)")
    }
}

extension JSONEncoder {
    static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
