import Foundation
import Recurrent

extension TextTask: ShownTask {
    static let unit = "tokens"
    static let lossUnit = "nats a token"

    static func title(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary) -> String {
        "Text model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), "
            + "\(vocabulary.size) \(configuration.level.rawValue)s"
    }

    static func schedule(_ configuration: TextConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        configuration.batching == .windows
            ? TrainingSchedule(steps: 500, evaluateEvery: 100, checkpointEvery: 100)
            : TrainingSchedule(steps: 10 * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: stepsPerEpoch)
    }

    static func sample(
        _ trainer: Trainer<TextTask>, _ run: TaskRun<TextTask>, length: Int, until shouldStop: () -> Bool
    ) throws -> String? {
        try sample(trainer.model, run, length: length, step: trainer.step, until: shouldStop)
    }

    /// The notes' sentence is written out from its first characters, other texts begin after the start token.
    private static func sample(
        _ model: Model<TextNetwork>, _ run: TaskRun<TextTask>, length: Int, step: Int, until shouldStop: () -> Bool
    ) throws -> String {
        let recitation = run.configuration.batching == .windows
        var prompt = [run.preparation.startToken]
        var length = length
        if recitation {
            let all = try run.preparation.encode(TextConfiguration.sentence)
            prompt = Array(all.prefix(run.configuration.sequenceLength))
            length = all.count - prompt.count
        }
        var tokens: [Int32] = recitation ? prompt : []
        var generator = TextGenerator(
            run.configuration, sampler: try Sampler(temperature: recitation ? 0 : 1),
            seed: run.configuration.seed &+ UInt64(step))
        try model.evaluate { network in
            try generator.generate(length, after: prompt, with: network) { token in
                tokens.append(token)
                return !shouldStop()
            }
        }
        return try run.preparation.decode(tokens)
    }

    static func report(
        _ run: TaskRun<TextTask>, _ model: Model<TextNetwork>, dataPath: String?
    ) throws -> Report {
        let (tokens, name) = try run.evaluationTokens(of: dataPath)
        let loss = model.evaluate { meanLoss(of: tokens, under: $0) }
        let (perplexity, bits) = (exp(loss), loss / log(2))
        return Report(
            lines: [
                String(format: "loss %.4f nats  perplexity %.3f  %.3f bits a token", loss, perplexity, bits)
                    + "  (\(Console.grouped(tokens.count)) tokens: \(name))"
            ],
            fields: [
                "loss": loss, "perplexity": perplexity, "bitsPerToken": bits, "tokens": tokens.count, "data": name,
            ])
    }

    static func finish(_ run: TaskRun<TextTask>, json: Bool) throws {
        if run.configuration.data == nil && !json {
            let text = try sample(run.model(.latest).model, run, length: 0, step: 0) { false }
            let length = run.configuration.sequenceLength
            Console.note(
                text == TextConfiguration.sentence
                    ? "From its first \(length) characters it writes the sentence back, exactly:"
                    : "From its first \(length) characters it writes:")
            try Console.result(text)
        }
        let isSentence = run.configuration.batching == .windows
        let prompt = isSentence ? " --prompt \"if you want\" --temperature 0 --length 170" : ""
        Console.note("Done. To write with it: rnn generate \(run.directory.path)\(prompt)")
    }

    static func generate(
        _ run: TaskRun<TextTask>, _ model: Model<TextNetwork>, _ options: GenerationOptions
    ) throws {
        let begin = try options.prompt.map { try run.preparation.encode($0, name: "the prompt") } ?? []
        let seed = options.seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = TextGenerator(run.configuration, sampler: try options.sampler(), seed: seed)
        var collected: [Int32] = []
        if !options.json, let prompt = options.prompt { try Console.write(prompt) }
        try model.evaluate { network in
            try generator.generate(
                options.length ?? 500, after: begin.isEmpty ? [run.preparation.startToken] : begin, with: network
            ) { token in
                if options.json {
                    collected.append(token)
                } else {
                    try Console.write(try run.preparation.decode([token]))
                }
                return true
            }
        }
        if options.json {
            try Console.json([
                "text": run.preparation.decode(collected), "prompt": options.prompt ?? "", "seed": seed,
            ])
        } else {
            try Console.result("")
        }
    }
}
