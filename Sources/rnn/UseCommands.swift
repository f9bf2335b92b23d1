import ArgumentParser
import Foundation
import Recurrent

/// `rnn evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Judges a trained model by its loss on a text.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(help: "A text to judge by (default: the run's own validation part).")
    var data: String?

    @Flag(help: "Print a JSON line only.")
    var json = false

    @OptionGroup var machine: MachineOptions

    func run() throws {
        machine.apply()
        let run = try TextRun(openingAt: path)
        let (tokens, name) = try run.evaluationTokens(of: data)
        let (model, step) = try run.model()
        let loss = model.evaluate { TextTask.meanLoss(of: tokens, under: $0) }
        let perplexity = exp(loss)
        let bits = loss / log(2)
        if json {
            try Console.json([
                "step": step, "loss": loss, "perplexity": perplexity, "bitsPerToken": bits, "tokens": tokens.count,
                "data": name,
            ])
        } else {
            try Console.result(
                String(
                    format: "step %d  loss %.4f nats  perplexity %.3f  %.3f bits a token", step, loss, perplexity, bits)
                    + "  (\(Console.grouped(tokens.count)) tokens: \(name))")
        }
    }
}

/// `rnn generate RUN`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Writes text with a trained model.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Option(parsing: .unconditional, help: "The text to go on from (default: a newline, or the start byte _).")
    var prompt: String?

    @Option(parsing: .unconditional, help: "Tokens to write.")
    var length = 500

    @Option(parsing: .unconditional, help: "Below 1 more careful, above 1 wilder; 0 always takes the most likely.")
    var temperature: Float = 1

    @Option(parsing: .unconditional, help: "Draw among this many of the most likely tokens only.")
    var topK: Int?

    @Option(parsing: .unconditional, help: "Draw among the most likely tokens that together have this share only.")
    var topP: Float?

    @Option(
        parsing: .unconditional,
        help: "A whole number from 0; the same writes the same text (default: another each time).")
    var seed: UInt64?

    @Flag(help: "Print a JSON line only.")
    var json = false

    @OptionGroup var machine: MachineOptions

    func validate() throws {
        guard (0...1_000_000_000).contains(length) else {
            throw ValidationError("--length is \(length); expected 0 to 1,000,000,000")
        }
        do { _ = try sampler() } catch let error as RecurrentError { throw ValidationError(error.description) }
    }

    private func sampler() throws -> Sampler { try Sampler(temperature: temperature, topK: topK, topP: topP) }

    func run() throws {
        machine.apply()
        let run = try TextRun(openingAt: path)
        let begin = try prompt.map { try run.vocabulary.encode($0, name: "the prompt") } ?? []
        let (model, _) = try run.model()
        let seed = self.seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = TextGenerator(run.configuration, sampler: try sampler(), seed: seed)
        var collected: [Int32] = []
        if !json, let prompt { try Console.write(prompt) }
        try model.evaluate { network in
            try generator.generate(
                length, after: begin.isEmpty ? [run.vocabulary.startToken] : begin, with: network
            ) { token in
                if json { collected.append(token) } else { try Console.write(try run.vocabulary.decode([token])) }
                return true
            }
        }
        if json {
            try Console.json(["text": run.vocabulary.decode(collected), "prompt": prompt ?? "", "seed": seed])
        } else {
            try Console.result("")
        }
    }
}

/// `rnn inspect RUN`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what a run is: layers, shapes, parameters, and how far it is.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Flag(help: "Print a JSON line only.")
    var json = false

    func run() throws {
        let run = try TextRun(openingAt: path)
        let (model, step) = try run.model()
        let layout = model.parameters.layout
        let last = try run.directory.history().last
        if json {
            let parameters = layout.entries.map { ["name": $0.name, "shape": $0.shape] as [String: any Sendable] }
            var fields: [String: any Sendable] = [
                "task": run.configuration.task, "step": step, "parameters": parameters,
                "parameterCount": layout.count, "vocabularySize": run.vocabulary.size,
            ]
            if let last { fields["trainLoss"] = last.trainLoss }
            if let loss = last?.validationLoss { fields["validationLoss"] = loss }
            try Console.json(fields)
            return
        }
        let configuration = run.configuration
        try Console.result(
            "\(configuration.task): \(configuration.layers) x \(configuration.hiddenSize) "
                + "\(configuration.cell.rawValue), \(run.vocabulary.size) \(configuration.level.rawValue)s, "
                + "trained on \(configuration.data ?? "the notes' sentence")")
        try Console.result(Self.table(of: layout))
        var progress = "step \(step)"
        if let last {
            progress += String(format: "  training loss %.4f", last.trainLoss)
            if let loss = last.validationLoss { progress += String(format: "  validation loss %.4f", loss) }
        }
        try Console.result(progress)
    }

    /// The parameters with their shapes and counts, and the total.
    static func table(of layout: ParameterLayout) -> String {
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
