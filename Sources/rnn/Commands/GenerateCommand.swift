import ArgumentParser
import Recurrent
import RecurrentTraining

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
        try machine.apply()
        try KnownTasks.task(ofRunAt: path, able: { $0 as? any GeneratingTask.Type }, lack: "generates nothing new")
            .generate(path, options)
    }
}

/// A task whose models make something new.
protocol GeneratingTask: ShownTask {
    /// What kind of file `generate --out` writes, or nil where what is made goes to standard output only.
    static var generatedFile: String? { get }

    /// Makes something new with a trained model.
    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws
}

extension GeneratingTask {
    static var generatedFile: String? { nil }

    /// Makes something new with the model of a run.
    static func generate(_ path: String, _ options: GenerationOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try options.weights.map { try check($0, run) }
        if let out = options.out, generatedFile == nil {
            throw RecurrentError(
                "--out is \(out), but a run of the task \"\(name)\" writes no file: what it makes goes to standard output"
            )
        }
        try generate(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }
}

/// How something new is made.
struct GenerationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "What to go on from: text (default: a newline, or the start byte _); of a series, zeros or data.")
    var prompt: String?

    @Flag(help: #"Of text: read \n in --prompt as a newline, \t as a tab, \r as a return and \\ as a backslash."#)
    var escapes = false

    @Option(help: "The file to write, where something else than text is made: a melody as MIDI, handwriting as SVG.")
    var out: String?

    @Option(
        parsing: .unconditional,
        help: """
            How long: tokens to write (default: 500), values of a series (300), steps of a melody (64), movements of a \
            drawing.
            """)
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

    @Option(parsing: .unconditional, help: "Of handwriting: 0 writes as the data is, above it neater (default: 0).")
    var bias: Float?

    @Option(
        help: """
            Of text: what the weights are kept as (default: fp32). Smaller weights are faster and less exact; rnn \
            evaluate tells by how much.
            """)
    var weights: WeightPrecision?

    @OptionGroup var checkpoint: CheckpointOption

    @Flag(help: "Print a JSON line only.")
    var json = false

    func validate() throws {
        guard (0...1_000_000_000).contains(length ?? 0) else {
            throw ValidationError("--length is \(length ?? 0); expected 0 to 1,000,000,000")
        }
        do {
            _ = try sampler()
            _ = try readPrompt()
        } catch let error as RecurrentError {
            throw ValidationError(OptionNames.worded(error.description))
        }
    }

    /// What to go on from, its escapes read where they are asked for.
    ///
    /// - Throws: `RecurrentError` where there is no such escape.
    func readPrompt() throws -> String? {
        guard escapes, let prompt else { return prompt }
        let meanings: [Character: Character] = ["n": "\n", "t": "\t", "r": "\r", "\\": "\\"]
        var (read, isEscaped) = ("", false)
        for character in prompt {
            if !isEscaped && character == "\\" {
                isEscaped = true
                continue
            }
            guard let meant = isEscaped ? meanings[character] : character else {
                throw RecurrentError(#"--prompt: there is no escape \\#(character); expected \n, \t, \r or \\"#)
            }
            read.append(meant)
            isEscaped = false
        }
        guard !isEscaped else { throw RecurrentError(#"--prompt ends in a single \; expected \n, \t, \r or \\"#) }
        return read
    }

    /// How to write a newline, for messages about a prompt that seems to have one in it.
    var escapesHint: String {
        escapes || prompt?.contains(/\\[ntr]/) != true ? "" : #" (with --escapes, \n in --prompt is a newline)"#
    }

    /// The seed that was given, or another each time.
    var drawnSeed: UInt64 { seed ?? UInt64.random(in: 0...UInt64(UInt32.max)) }

    func sampler() throws -> Sampler { try Sampler(temperature: temperature, topK: topK, topP: topP) }
}
