import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// `rnn train melody`.
struct TrainMelodyCommand: TrainTaskCommand {
    typealias Task = MelodyTask

    static let configuration = CommandConfiguration(
        commandName: "melody", abstract: "Trains a model that composes: several notes at once, step by step.",
        discussion: """
            --data is a JSON file: a list of pieces, each a list of time steps, each a list of the MIDI pitches (0 to 127) \
            that sound, as [[[60, 64, 67], [62]], ...]; or such lists as "train", "valid" and "test". Without it the model \
            learns from \(MelodyConfiguration.generatedCount) tunes made by a small grammar of chords, arpeggios and scales.

            The loss is the negative log-likelihood of a time step, summed over the notes. Tunes in ABC notation are text: \
            rnn train text.

            \(LayerOptions.defaults(MelodyConfiguration())) \(MelodyTask.usualEpochs) epochs.
            """)

    @Option(help: "A JSON file of pieces.")
    var data: String?

    @Option(parsing: .unconditional, help: "Time steps after which a piece is cut for training (default: 200).")
    var seqLength: Int?

    @OptionGroup var layers: LayerOptions
    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: MelodyConfiguration?) -> MelodyConfiguration {
        var configuration = MelodyConfiguration()
        configuration.data = data.map(RunOptions.absolutePath)
        configuration.set(\.sequenceLength, seqLength)
        layers.apply(to: &configuration, from: initial)
        division.apply(to: &configuration)
        return configuration
    }
}

extension MelodyTask: GeneratingTask {
    static let unit = "pieces"
    static let lossUnit = "nats a step"
    static let usualEpochs = 40
    static let generatedFile: String? = "a MIDI file"

    static func title(_ configuration: MelodyConfiguration, _ preparation: NoteFrequencies) -> String {
        "Melody model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue), "
            + "\(Tune.pitchCount) pitches"
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn generate \(run.directory.path) --out tune.mid" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let (pieces, name) = try run.evaluationPieces(of: options.dataPath)
        let loss = model.evaluate { $0.negativeLogLikelihood(of: pieces) }
        let independent = run.preparation.negativeLogLikelihood(of: pieces)
        let steps = pieces.reduce(0) { $0 + $1.steps.count }
        return Report(
            lines: [
                String(format: "negative log-likelihood %.4f nats a step, of independent notes %.4f", loss, independent)
                    + "  (\(Console.grouped(pieces.count)) pieces, \(Console.grouped(steps)) steps: \(name))"
            ],
            fields: [
                "loss": loss, "unigramLoss": independent, "pieces": pieces.count, "steps": steps, "data": name,
            ])
    }

    // Three days of music: more is asked for by mistake, and would fill the memory.
    private static let longestTune = 1_000_000

    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws {
        guard options.prompt == nil, options.topK == nil, options.topP == nil else {
            throw RecurrentError(
                "a melody begins from silence, and every note is drawn on its own: "
                    + "expected neither --prompt nor --top-k nor --top-p")
        }
        let length = options.length ?? 64
        guard length <= longestTune else {
            throw RecurrentError("--length is \(length); expected at most \(longestTune) steps of a melody")
        }
        let seed = options.drawnSeed
        var generator = try MelodyGenerator(temperature: options.temperature, seed: seed)
        let tune = try model.evaluate { try generator.tune(length, with: $0) }
        if let path = options.out { try MIDIFile(tune).write(to: path) }
        if options.json {
            return try Console.json(["steps": tune.steps, "seed": seed, "file": options.out ?? ""])
        }
        if let path = options.out {
            let notes = tune.steps.reduce(0) { $0 + $1.count }
            return try Console.result("\(path): \(tune.steps.count) steps, \(notes) sounding notes")
        }
        for step in tune.steps {
            try Console.result(step.isEmpty ? "-" : step.map(Tune.name(ofPitch:)).joined(separator: " "))
        }
    }
}
