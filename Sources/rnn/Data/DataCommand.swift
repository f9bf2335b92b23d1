import ArgumentParser

/// `rnn data KIND`.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Makes data to train on.", subcommands: [BabiDataCommand.self])
}
