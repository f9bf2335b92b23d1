import ArgumentParser
import Foundation
import Recurrent

/// `rnn train TASK`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Trains a network.", subcommands: [TrainTextCommand.self])
}

/// `rnn train text`.
struct TrainTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Trains a model that writes text, character by character or byte by byte.",
        discussion: """
            Without --data it learns one sentence by heart, "if you want to build a ship, ...", in seconds, and writes \
            it out. With --data FILE it learns from that text: a few hundred kilobytes or more make it interesting.
            """)

    @Option(help: "A text file (UTF-8 unless --level byte).")
    var data: String?

    @Option(help: "Directory of the run, which must be new (default: a new one in runs/).")
    var out: String?

    @Option(help: "A run whose latest weights the training starts from.")
    var initFrom: String?

    @OptionGroup var text: TextOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var machine: MachineOptions

    /// What is trained; the network is that of the initial run where there is one.
    private func configuration(from initial: TextConfiguration?) -> TextConfiguration {
        var configuration = data == nil ? TextConfiguration.notesRecipe : TextConfiguration()
        if let initial {
            configuration.level = initial.level
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.forgetBias = initial.forgetBias
        }
        configuration.data = data.map(Self.absolutePath)
        text.apply(to: &configuration)
        return configuration
    }

    func validate() throws {
        do { try configuration(from: nil).validate() } catch let error as RecurrentError {
            throw ValidationError(error.description)
        }
    }

    /// Whole paths, so that the run can be resumed from another directory.
    private static func absolutePath(_ path: String) -> String {
        path.hasPrefix("/") || path.isEmpty ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    func run() throws {
        machine.apply()
        let initialRun = try initFrom.map { try TextRun(openingAt: $0) }
        let configuration = configuration(from: initialRun?.configuration)
        let training = try TextRun.begin(configuration, initialRun: initialRun) {
            try out.map { try RunDirectory.create(at: $0) }
                ?? RunDirectory.create(
                    named: "text-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)")
        }
        try TextTraining(schedule: schedule).run(training)
    }
}

/// `rnn resume RUN`.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with a training run where it stopped.",
        discussion: "Options that stop, report or save may change; what decides the result may not.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(help: "Where the text is now, if it has moved.")
    var data: String?

    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var machine: MachineOptions
    @OptionGroup(visibility: .hidden) var text: TextOptions

    func validate() throws {
        guard text.given.isEmpty else {
            throw ValidationError(
                "\(text.given.joined(separator: ", ")) cannot change when a run is resumed; --max-steps, --max-epochs, "
                    + "--eval-every, --checkpoint-every, --print-every, --sample-length, --threads and --cpu-level can. "
                    + "To start a new run from these weights: rnn train text --init-from \(path)")
        }
    }

    func run() throws {
        machine.apply()
        let run = try TextRun(openingAt: path)
        try TextTraining(schedule: schedule).run(try run.resume(dataPath: data))
    }
}
