import ArgumentParser
import Foundation
import Recurrent

/// `rnn evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Judges a trained model on data it was not trained on.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(help: "Data to judge by (default: what the run itself has kept for this).")
    var data: String?

    @OptionGroup var checkpoint: CheckpointOption
    @OptionGroup var search: SearchOptions

    @Flag(help: "Print a JSON line only.")
    var json = false

    @OptionGroup var machine: MachineOptions

    func run() throws {
        machine.apply()
        try KnownTasks.task(ofRunAt: path).evaluate(path, checkpoint, dataPath: data, search: search, json: json)
    }
}

/// `rnn generate RUN`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes something new with a trained model: text, a melody, a series going on.")

    @Argument(help: "The directory of the run.")
    var path: String

    @OptionGroup var options: GenerationOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        machine.apply()
        try KnownTasks.task(ofRunAt: path).generate(path, options)
    }
}

/// How something new is made.
struct GenerationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "What to go on from: text (default: a newline, or the start byte _); of a series, zeros or data.")
    var prompt: String?

    @Option(help: "The file to write, where something else than text is made: a melody as MIDI.")
    var out: String?

    @Option(
        parsing: .unconditional,
        help: "How long: tokens to write (default: 500), values of a series (300), steps of a melody (64).")
    var length: Int?

    @Option(parsing: .unconditional, help: "Below 1 more careful, above 1 wilder; 0 always takes the most likely.")
    var temperature: Float = 1

    @Option(parsing: .unconditional, help: "Draw among this many of the most likely tokens only.")
    var topK: Int?

    @Option(parsing: .unconditional, help: "Draw among the most likely tokens that together have this share only.")
    var topP: Float?

    @Option(
        parsing: .unconditional,
        help: "A whole number from 0; the same makes the same (default: another each time).")
    var seed: UInt64?

    @Flag(help: "Let a model of words write <unk>, the unknown word (default: it draws among the others).")
    var unknownWords = false

    @OptionGroup var checkpoint: CheckpointOption

    @Flag(help: "Print a JSON line only.")
    var json = false

    func validate() throws {
        guard (0...1_000_000_000).contains(length ?? 0) else {
            throw ValidationError("--length is \(length ?? 0); expected 0 to 1,000,000,000")
        }
        do { _ = try sampler() } catch let error as RecurrentError { throw ValidationError(error.description) }
    }

    func sampler() throws -> Sampler { try Sampler(temperature: temperature, topK: topK, topP: topP) }
}

/// `rnn predict RUN [INPUT...]`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Says what a trained model makes of inputs.")

    @Argument(help: "The directory of the run.")
    var path: String

    @OptionGroup var options: PredictionOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        machine.apply()
        try KnownTasks.task(ofRunAt: path).predict(path, options)
    }
}

/// What is to be predicted, and how it is shown.
struct PredictionOptions: ParsableArguments {
    @Argument(help: "Texts or files, by the task; lines of standard input where none is given.")
    var inputs: [String] = []

    @OptionGroup var checkpoint: CheckpointOption
    @OptionGroup var search: SearchOptions

    @Flag(help: "Draw where a translator looks while it writes, among the run's pictures.")
    var attention = false

    @Flag(help: "Print JSON lines only.")
    var json = false

    /// The inputs, one at a time, or those lines of standard input that are not empty.
    func lines() -> AnySequence<String> {
        inputs.isEmpty ? AnySequence(allLines().lazy.filter { !$0.isEmpty }) : allLines()
    }

    /// The inputs, one at a time, or the lines of standard input, the empty ones too.
    func allLines() -> AnySequence<String> {
        inputs.isEmpty ? AnySequence(AnyIterator { readLine() }) : AnySequence(inputs)
    }
}

/// `rnn inspect RUN`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what a run is: layers, shapes, parameters, and how far it is.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Flag(help: "Write the network as a picture: graph.svg among the run's pictures, and graph.dot beside it.")
    var graph = false

    @Flag(help: "Print a JSON line only.")
    var json = false

    func run() throws {
        let task = try KnownTasks.task(ofRunAt: path)
        try task.inspect(path, json: json)
        if graph { try task.drawGraph(path) }
    }

    /// The parameters with their shapes and counts, and the total.
    static func table<Network>(of model: Model<Network>) -> String {
        let layout = model.parameters.layout
        let rows =
            layout.entries.map {
                ($0.name, $0.shape.map(String.init).joined(separator: " x "), Console.grouped($0.count))
            }
            + [("parameters", "", Console.grouped(layout.count))]
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0)
        return rows.map { name, shape, count in
            "  " + name.padding(toLength: widths.0 + 2, withPad: " ", startingAt: 0)
                + shape.padding(toLength: widths.1 + 2, withPad: " ", startingAt: 0)
                + String(repeating: " ", count: widths.2 - count.count) + count
        }.joined(separator: "\n")
    }
}

extension ShownTask {
    static func drawGraph(_ path: String) throws {
        let run = try TaskRun<Self>(openingAt: path)
        let layout = Self.makeModel(run.configuration, run.preparation).parameters.layout
        let graph = graph(run.configuration, run.preparation, parameters: layout)
        let picture = try graph.write(as: "graph", into: run.directory.picturesPath)
        let dot = try graph.writeDOT(as: "graph", into: run.directory.picturesPath)
        Console.note("Graph: \(picture), \(dot)")
    }

    static func inspect(_ path: String, json: Bool) throws {
        let run = try TaskRun<Self>(openingAt: path)
        let (model, step) = try run.model(.latest)
        let layout = model.parameters.layout
        let history = try run.directory.history()
        if json {
            let parameters = layout.entries.map { ["name": $0.name, "shape": $0.shape] as [String: any Sendable] }
            var fields: [String: any Sendable] = [
                "task": name, "title": title(run.configuration, run.preparation), "step": step,
                "parameters": parameters, "parameterCount": layout.count,
            ]
            if let last = history.last { fields["trainLoss"] = last.trainLoss }
            if let loss = history.last?.validationLoss { fields["validationLoss"] = loss }
            return try Console.json(fields)
        }
        try Console.result(title(run.configuration, run.preparation))
        try Console.result("trained on \(run.configuration.data ?? "data of the task's own")")
        try Console.result(InspectCommand.table(of: model))
        var progress = "step \(step)"
        if let last = history.last {
            progress += "  training loss \(Console.fixed(last.trainLoss))"
            if let loss = last.validationLoss { progress += "  validation loss \(Console.fixed(loss))" }
        }
        try Console.result(progress)
    }
}
