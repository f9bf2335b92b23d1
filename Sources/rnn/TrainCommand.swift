import ArgumentParser

/// `rnn train TASK`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Trains a network.",
        subcommands: [
            TrainTextCommand.self, TrainSeriesCommand.self, TrainImagesCommand.self, TrainClassifyCommand.self,
            TrainDescribeCommand.self, TrainAddingCommand.self, TrainMelodyCommand.self, TrainAnswerCommand.self,
            TrainSkipGramCommand.self, TrainSortCommand.self, TrainTranslateCommand.self,
            TrainHandwritingCommand.self,
        ])
}

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
