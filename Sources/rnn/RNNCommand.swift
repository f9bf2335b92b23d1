import ArgumentParser
import Foundation
import Recurrent

/// The command `rnn`.
@main
struct RNNCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rnn",
        abstract: "Trains recurrent neural networks, and uses them.",
        version: "0.1.0",
        subcommands: [
            TrainCommand.self, ResumeCommand.self, EvaluateCommand.self, GenerateCommand.self, PredictCommand.self,
            InspectCommand.self, ExportCommand.self, DataCommand.self, ReproduceCommand.self, BenchmarkCommand.self,
        ])

    /// Exit status 0: done; 1: failed with a message; 2: wrong usage; 129, 130 and 143: stopped by a signal after saving.
    static func main() {
        AtomicFile.reportFileSizeLimit()
        if let level = ProcessInfo.processInfo.environment["RECURRENT_CPU_LEVEL"],
            !RecurrentKernels.levels.contains(level), !(RecurrentKernels.multipliesBFloat16 && level == "avx512bf16")
        {
            Console.error(
                "RECURRENT_CPU_LEVEL is \(level); this machine has \(RecurrentKernels.levels.joined(separator: ", "))")
            Foundation.exit(2)
        }
        if let message = unknownWord(in: CommandLine.arguments.dropFirst(), of: self) {
            Console.error(message)
            Foundation.exit(2)
        }
        do {
            var command = try parseAsRoot()
            do {
                try command.run()
            } catch let error as RecurrentError {
                Console.error(OptionNames.worded(error.description))
                Foundation.exit(1)
            }
        } catch {
            let code = exitCode(for: error)
            if code == .validationFailure {
                Console.note(fullMessage(for: error))
                Foundation.exit(2)
            }
            exit(withError: error)
        }
    }

    /// What is wrong with the words that choose a command, or nil where they choose one.
    private static func unknownWord(in arguments: ArraySlice<String>, of command: any ParsableCommand.Type) -> String? {
        let words = command.configuration.subcommands.map { ($0.configuration.commandName ?? "", $0) }
        guard !words.isEmpty, let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return nil }
        if let (_, chosen) = words.first(where: { $0.0 == word }) {
            return unknownWord(in: arguments.dropFirst(), of: chosen)
        }
        let place = command == self ? "rnn" : "rnn \(command.configuration.commandName ?? "")"
        return "\(place) \(Console.shown(word)): expected \(place) " + words.map(\.0).joined(separator: ", ")
    }
}
