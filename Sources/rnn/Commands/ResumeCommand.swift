import ArgumentParser
import Recurrent
import RecurrentTraining

/// `rnn resume RUN`.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with a training run where it stopped.",
        discussion: "Options that stop, report or save may change; what decides the result may not.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(help: "Where the data is now, if it has moved.")
    var data: String?

    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var machine: MachineOptions

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var others: [String] = []

    func validate() throws {
        guard others.isEmpty else {
            let names = others.filter { $0.hasPrefix("--") }
            throw ValidationError(
                "\((names.isEmpty ? others : names).joined(separator: ", ")) cannot change when a run is resumed; "
                    + "--max-steps, --max-epochs, --eval-every, --checkpoint-every, --patience, --print-every, "
                    + "--sample-length, --threads and --cpu-level can. To start a new run from these weights: "
                    + "rnn train TASK --init-from \(path)")
        }
    }

    func run() throws {
        try machine.apply()
        try KnownTasks.task(ofRunAt: path).resume(
            at: path, dataPath: data.map(RunOptions.absolutePath), schedule: schedule)
    }
}

extension ShownTask {
    /// Goes on with the training of a run.
    static func resume(at path: String, dataPath: String?, schedule: ScheduleOptions) throws {
        let training = try TaskRun<Self>(openingAt: path).resume(dataPath: dataPath)
        if let level = training.otherLevel {
            Console.note(
                "So far this run was computed with \(level), now it is with \(RecurrentKernels.level): results will differ by "
                    + "rounding. To go on as before: \(MachineOptions.option(forLevel: level))")
        }
        try TrainingSession<Self>(schedule: schedule).run(training)
    }
}
