import ArgumentParser
import RecurrentTraining

/// When a training run stops, reports and saves: what may change on resume.
struct ScheduleOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Epochs, passes over the data (default: the task's; on resume as before).")
    var maxEpochs: Int?

    @Option(parsing: .unconditional, help: "Steps in all; the earlier of this and --max-epochs ends the run.")
    var maxSteps: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps between two evaluations (default: one epoch, or the task's).")
    var evalEvery: Int?

    @Option(parsing: .unconditional, help: "Steps between two checkpoints (default: as --eval-every).")
    var checkpointEvery: Int?

    @Option(
        parsing: .unconditional,
        help: "End after this many evaluations without a better one (default: no such end).")
    var patience: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps between two lines of progress where the output is no terminal (default: every ten seconds).")
    var printEvery: Int?

    @Option(
        parsing: .unconditional, help: "Length of the sample that some tasks show after each evaluation; 0 for none.")
    var sampleLength = 200

    @Flag(help: "Print JSON lines only.")
    var json = false

    func validate() throws {
        let options = [
            ("--max-epochs", maxEpochs, 0), ("--max-steps", maxSteps, 0), ("--eval-every", evalEvery, 1),
            ("--checkpoint-every", checkpointEvery, 1), ("--print-every", printEvery, 1), ("--patience", patience, 1),
            ("--sample-length", sampleLength, 0),
        ]
        for (name, value, least) in options {
            if let value, value < least || value > 1_000_000_000 {
                throw ValidationError("\(name) is \(value); expected \(least) to 1,000,000,000")
            }
        }
    }

    /// The schedule that the options ask for; what they leave open is as in `usual`.
    func schedule(stepsPerEpoch: Int, usual: TrainingSchedule) -> TrainingSchedule {
        let evaluateEvery = evalEvery ?? usual.evaluateEvery
        return TrainingSchedule(
            steps: steps(stepsPerEpoch: stepsPerEpoch) ?? usual.steps, evaluateEvery: evaluateEvery,
            checkpointEvery: checkpointEvery ?? (evalEvery == nil ? usual.checkpointEvery : evaluateEvery),
            kept: usual.kept, patience: patience ?? usual.patience)
    }

    private func steps(stepsPerEpoch: Int) -> Int? {
        guard let maxEpochs else { return maxSteps }
        let (all, overflows) = maxEpochs.multipliedReportingOverflow(by: stepsPerEpoch)
        return min(overflows ? .max : all, maxSteps ?? .max)
    }
}
