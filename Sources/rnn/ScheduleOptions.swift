import ArgumentParser
import Recurrent

/// When a training run stops, reports and saves: what may change on resume.
struct ScheduleOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Passes over the data (default: 10; 500 for the built-in sentence).")
    var maxEpochs: Int?

    @Option(parsing: .unconditional, help: "Steps in all; the earlier of this and --max-epochs ends the run.")
    var maxSteps: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps between two evaluations (default: one pass over the data; 100 for the built-in sentence).")
    var evalEvery: Int?

    @Option(parsing: .unconditional, help: "Steps between two checkpoints (default: as --eval-every).")
    var checkpointEvery: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps between two lines of progress where the output is no terminal (default: every ten seconds).")
    var printEvery: Int?

    @Option(parsing: .unconditional, help: "Characters of the sample after each evaluation; 0 for none.")
    var sampleLength = 200

    @Flag(help: "Print JSON lines only.")
    var json = false

    func validate() throws {
        let options = [
            ("--max-epochs", maxEpochs, 0), ("--max-steps", maxSteps, 0), ("--eval-every", evalEvery, 1),
            ("--checkpoint-every", checkpointEvery, 1), ("--print-every", printEvery, 1),
            ("--sample-length", sampleLength, 0),
        ]
        for (name, value, least) in options {
            if let value, value < least || value > 1_000_000_000 {
                throw ValidationError("\(name) is \(value); expected \(least) to 1,000,000,000")
            }
        }
    }

    /// The options that were given for the end of the run, as they are typed.
    var end: String {
        [("--max-epochs", maxEpochs), ("--max-steps", maxSteps)]
            .map { name, value in value.map { " \(name) \($0)" } ?? "" }.joined()
    }

    func schedule(stepsPerEpoch: Int, notesRecipe: Bool) -> TrainingSchedule {
        let epochs = maxEpochs ?? (maxSteps != nil ? Int(Int32.max) : notesRecipe ? 500 : 10)
        let evaluateEvery = evalEvery ?? (notesRecipe ? 100 : stepsPerEpoch)
        let (all, overflows) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
        return TrainingSchedule(
            steps: min(overflows ? .max : all, maxSteps ?? .max), evaluateEvery: evaluateEvery,
            checkpointEvery: checkpointEvery ?? evaluateEvery)
    }
}
