import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

extension TokenLevel: ExpressibleByArgument {}
extension WordSplitting.Separator: ExpressibleByArgument {}

/// `rnn train text`.
struct TrainTextCommand: TrainTaskCommand {
    typealias Task = TextTask

    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Trains a model that writes text, by characters, bytes or words.",
        discussion: """
            Without --data it learns one sentence by heart, "if you want to build a ship, ...", in seconds, and writes \
            it out. With --data FILE it learns from that text: a few hundred kilobytes or more make it interesting.

            \(LayerOptions.defaults(TextConfiguration())) \(TextTask.usualEpochs) epochs. The sentence is learned with 25 units at a rate of \
            0.1, in 500 steps.
            """)

    @Option(help: "A text file (UTF-8 or UTF-16 unless --level byte), gzipped or not.")
    var data: String?

    @OptionGroup var encoding: EncodingOption

    @OptionGroup var layers: LayerOptions

    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: character).")
    var level: TokenLevel?

    @Option(
        parsing: .unconditional,
        help: "Words that are told apart, with --level word: the most frequent; others are <unk> (default: 10000).")
    var vocabularyLimit: Int?

    @Option(
        parsing: .unconditional,
        help: "Width of the learned vectors that stand for tokens (default: 128 for words; others are one-hot).")
    var embeddingSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps of a window, the reach of back-propagation through time (default: 50).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Added to an LSTM's forget gate (default: 0; 1 for the built-in sentence).")
    var forgetBias: Float?

    @Option(
        name: .customLong("tokens"),
        help: """
            What separates words, with --level word: punctuation, and white space; or whitespace alone, for text that is \
            tokenized already (default: punctuation).
            """)
    var wordSeparator: WordSplitting.Separator?

    @Flag(
        help: """
            Use the tokens' vectors as the output layer's weights, which halves them; the vectors are as wide as \
            --rnn-size.
            """)
    var tieWeights = false

    @Option(
        name: .customLong("sampled-softmax"), parsing: .unconditional,
        help: "Words that a training step draws for a sampled softmax (default: a softmax over all).")
    var samples: Int?

    @Option(
        name: .customLong("adaptive-softmax"), parsing: .unconditional,
        help: """
            Numbers of words, the most frequent first, at which the clusters of an adaptive softmax begin, as in 2000,8000 \
            (default: a softmax over all).
            """, transform: Self.numbers)
    var cutoffs: [Int]?

    @Option(
        help: """
            Initialiser of the recurrent layers' weights: \(Initializer.names.joined(separator: ", ")); uniform:0.1 and \
            normal:0.1 set the scale (default: glorot-uniform).
            """)
    var initializer: String?

    @Option(help: "Initialiser of the vectors that stand for tokens (default: by the size of the vocabulary).")
    var embeddingInitializer: String?

    @Option(help: "Initialiser of the output layer's weights (default: by the size of the vocabulary).")
    var outputInitializer: String?

    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    private static func numbers(_ text: String) throws -> [Int] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let number = Int(part) else {
                throw ValidationError("\"\(part)\" is not a whole number; expected numbers with commas between")
            }
            return number
        }
    }

    func configuration(from initial: TextConfiguration?) -> TextConfiguration {
        let data = data.map(RunOptions.absolutePath) ?? initial?.data
        var configuration = data == nil ? TextConfiguration.notesRecipe : TextConfiguration()
        configuration.data = data
        configuration.encoding = encoding.encoding ?? (self.data == nil ? initial?.encoding : nil)
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.level, level ?? initial?.level)
        configuration.vocabularyLimit = vocabularyLimit ?? initial?.vocabularyLimit
        configuration.set(\.wordSeparator, wordSeparator ?? initial?.wordSeparator)
        configuration.tiesWeights = tieWeights || initial?.tiesWeights == true
        configuration.embeddingSize =
            embeddingSize ?? initial?.embeddingSize ?? (configuration.tiesWeights ? configuration.hiddenSize : nil)
        configuration.samples = samples ?? initial?.samples
        configuration.cutoffs = cutoffs ?? initial?.cutoffs
        configuration.set(\.sequenceLength, seqLength)
        configuration.set(\.forgetBias, forgetBias ?? initial?.forgetBias)
        configuration.set(\.initializer, initializer)
        configuration.embeddingInitializer = embeddingInitializer
        configuration.outputInitializer = outputInitializer
        division.apply(to: &configuration)
        return configuration
    }
}

extension TextTask: GeneratingTask {
    static let unit = "tokens"
    static let lossUnit = "nats a token"

    static func title(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary) -> String {
        "Text model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), "
            + "\(vocabulary.size) \(configuration.level.rawValue)s"
            + (configuration.tiesWeights ? ", tied weights" : "")
            + (configuration.samples.map { ", a sampled softmax of \($0)" } ?? "")
            + (configuration.cutoffs == nil ? "" : ", an adaptive softmax")
    }

    /// How many words are unknown, which tells whether a vocabulary (of a run to start from) fits the text.
    var remarks: [String] {
        guard let shares = unknownShares else { return [] }
        let parts = [("training", shares.training), ("validation", shares.validation), ("test", shares.test)]
        let shown = parts.compactMap { name, share in
            share.map { String(format: "%.2f%% of those for \(name)", 100 * $0) }
        }
        return ["Words that the vocabulary does not have, and that count as <unk>: " + shown.joined(separator: ", ")]
    }

    static func schedule(_ configuration: TextConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        configuration.batching == .windows
            ? TrainingSchedule(steps: 500, evaluateEvery: 100, checkpointEvery: 100)
            : TrainingSchedule(
                steps: usualEpochs * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: stepsPerEpoch)
    }

    static func sample(
        _ trainer: Trainer<Self>, _ run: TaskRun<Self>, length: Int, until shouldStop: () -> Bool
    ) throws -> String? {
        try sample(trainer.model, run, length: length, step: trainer.step, until: shouldStop)
    }

    /// The notes' sentence is written out from its first characters, other texts begin after the start token.
    private static func sample(
        _ model: Model<TextNetwork>, _ run: TaskRun<Self>, length: Int, step: Int, until shouldStop: () -> Bool
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
            seed: run.configuration.seed &+ UInt64(step), excluding: run.preparation.unknownWord)
        try model.evaluate { network in
            try generator.generate(length, after: prompt, with: network) { token in
                tokens.append(token)
                return !shouldStop()
            }
        }
        return try run.preparation.decode(tokens)
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let text = try run.evaluatedText(of: options.dataPath)
        let tokens = Array(text.tokens)
        let loss = model.evaluate { network in
            options.weights.map { meanLoss(of: tokens, under: network, weights: $0) }
                ?? meanLoss(of: tokens, under: network)
        }
        let (perplexity, bits) = (exp(loss), loss / log(2))
        let byteLoss = loss * Double(tokens.count - 1) / Double(max(1, try text.predictedByteCount(run.preparation)))
        var report = Report(
            lines: [
                String(
                    format: "loss %.4f nats  perplexity %.3f  %.3f bits a token  %.4f nats a byte", loss, perplexity,
                    bits,
                    byteLoss)
                    + "  (\(Console.grouped(tokens.count)) tokens: \(text.name))"
            ],
            fields: [
                "loss": loss, "perplexity": perplexity, "bitsPerToken": bits, "natsPerByte": byteLoss,
                "tokens": tokens.count, "data": text.name,
            ])
        if let unknown = run.preparation.unknownWord {
            let count = tokens.count { $0 == unknown }
            report.lines.append(
                "\(Console.grouped(count)) of them ("
                    + String(format: "%.2f", 100 * Double(count) / Double(tokens.count))
                    + "%) are words that the vocabulary does not have: each counts as the one token <unk>")
            report.fields["unknownTokens"] = count
        }
        if let weights = options.weights {
            report.lines[0] += ", weights as \(weights.rawValue)"
            report.fields["weights"] = weights.rawValue
        }
        return report
    }

    static func check(_ weights: WeightPrecision, _ run: TaskRun<Self>) throws {
        guard run.configuration.batching == .streams else {
            throw RecurrentError(
                "--weights is \(weights.rawValue), but \(run.directory.path) was trained on windows: it reads the last one "
                    + "anew for every token, with the weights as they are")
        }
    }

    static func finish(_ run: TaskRun<Self>, json: Bool) throws {
        if json { return try reportFinished(run, json: true) }
        if run.configuration.data == nil {
            let text = try sample(run.model(.latest).model, run, length: 0, step: 0) { false }
            let start = "From its first \(run.configuration.sequenceLength) \(run.configuration.level.rawValue)s"
            Console.note(
                text == TextConfiguration.sentence
                    ? "\(start) it writes the sentence back, exactly:" : "\(start) it writes:")
            try Console.result(text)
        }
        let isSentence = run.configuration.batching == .windows
        let length = run.configuration.level == .word ? 33 : 170
        let prompt = isSentence ? " --prompt \"if you want\" --temperature 0 --length \(length)" : ""
        Console.note("Done. To write with it: rnn generate \(run.directory.path)\(prompt)")
    }

    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws {
        let vocabulary = run.preparation
        let prompt = try options.readPrompt() ?? ""
        let read: [Int32]
        do { read = try vocabulary.encode(prompt, name: "the prompt") } catch let error as RecurrentError {
            throw RecurrentError("\(error)\(options.escapesHint)")
        }
        noteUnknownWords(of: prompt, vocabulary, hint: options.escapesHint)
        let seed = options.drawnSeed
        var generator = TextGenerator(
            run.configuration, sampler: try options.sampler(), seed: seed,
            excluding: options.unknownWords ? nil : vocabulary.unknownWord, weights: options.weights ?? .float32)
        // Words are written with blanks before them, which the prompt must not end with, and by what stands before them.
        let shown = vocabulary.level == .word ? prompt.trimmingTrailingBlanks() : prompt
        var writer = TokenWriter(vocabulary)
        for token in read { _ = try writer.text(of: token) }
        var text = ""
        if !options.json { try Console.generated(shown) }
        try model.evaluate { network in
            try generator.generate(
                options.length ?? 500, after: read.isEmpty ? [vocabulary.startToken] : read, with: network
            ) { token in
                let written = try writer.text(of: token)
                if options.json { text += written } else { try Console.generated(written) }
                return true
            }
        }
        if options.json {
            try Console.json(["text": text, "prompt": prompt, "seed": seed])
        } else {
            try Console.result("")
        }
    }

    /// Says which words of a prompt are read as the unknown one.
    private static func noteUnknownWords(of prompt: String, _ vocabulary: TextVocabulary, hint: String) {
        guard case .words(let words) = vocabulary else { return }
        let unknown = words.unknownWords(in: prompt)
        guard !unknown.isEmpty else { return }
        let shown = unknown.prefix(10).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
        Console.note("Not in the vocabulary, and read as <unk>: \(shown)\(unknown.count > 10 ? ", ..." : "")\(hint)")
    }
}

extension TextVocabulary {
    /// The token of unknown words, where tokens are words.
    fileprivate var unknownWord: Int32? { level == .word ? unknownToken : nil }
}
