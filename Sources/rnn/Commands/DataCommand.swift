import ArgumentParser
import Foundation
import Recurrent
import RecurrentData

/// `rnn data KIND`.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Looks at data, or makes some.",
        subcommands: [InspectDataCommand.self, BabiDataCommand.self])
}

/// `rnn data babi`.
struct BabiDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "babi", abstract: "Makes stories with questions, as the first three bAbI tasks have them.",
        discussion: """
            Persons walk between places, take things along and leave them, after the description in Weston et al. 2015. \
            Every story has \(BabiGenerator.questionsOfStory) questions. Written are DIR/qaK_generated_train.txt and \
            DIR/qaK_generated_test.txt, with as many stories each; the same seed makes the same files.
            """)

    @Option(parsing: .unconditional, help: "How many facts an answer follows from: 1, 2 or 3.")
    var kind: Int

    @Option(parsing: .unconditional, help: "Stories of each file.")
    var stories = 200

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from.")
    var seed: UInt64 = 1

    @Option(help: "The directory to write into; made where it is missing.")
    var out: String

    func validate() throws {
        guard BabiGenerator.Kind(rawValue: kind) != nil else {
            throw ValidationError("--kind is \(kind); expected 1, 2 or 3")
        }
        guard (1...100_000).contains(stories) else {
            throw ValidationError("--stories is \(stories); expected 1 to 100,000")
        }
        guard !out.isEmpty else { throw ValidationError("--out is empty; expected the name of a directory") }
    }

    func run() throws {
        guard let kind = BabiGenerator.Kind(rawValue: kind) else { return }
        do {
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        } catch {
            throw RecurrentError("\(out): cannot make the directory: \(error.localizedDescription)")
        }
        for (stream, part) in ["train", "test"].enumerated() {
            let path = "\(out)/qa\(kind.rawValue)_generated_\(part).txt"
            guard !FileManager.default.fileExists(atPath: path) else {
                throw RecurrentError("\(path): there is something already; choose another directory")
            }
            var generator = BabiGenerator(kind, random: RandomSource(seed: seed).stream(UInt64(stream)))
            try AtomicFile.write(Data(generator.text(stories: stories).utf8), to: path)
            try Console.result(path)
        }
    }
}
