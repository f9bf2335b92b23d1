import ArgumentParser
import Foundation
import Recurrent
import RecurrentPictures
import RecurrentTasks
import RecurrentTraining

/// `rnn train handwriting`.
struct TrainHandwritingCommand: TrainTaskCommand {
    typealias Task = HandwritingTask

    static let configuration = CommandConfiguration(
        commandName: "handwriting", abstract: "Trains a model that draws with a pen, or writes a text by hand.",
        discussion: """
            With --data FILE or DIRECTORY of drawings (.npz, .ndjson, .jhf, .xml) it learns what drawings are like: layers \
            of LSTM cells with peepholes foresee every movement of the pen by a mixture of Gaussians. With --text it \
            learns to write texts: from lines that it composes of single-stroke letters, or from --data with lines and \
            their texts.

            \(defaults(HandwritingConfiguration())) 1000 steps. With --text: \(defaults(.synthesis)) 3000 steps.
            """)

    @Option(help: "A file or directory with drawings.")
    var data: String?

    @Flag(name: .customLong("text"), help: "Learn to write texts.")
    var writesText = false

    @Option(help: "With --text, a Hershey font (.jhf) to compose lines of (default: built-in letters).")
    var font: String?

    @Option(parsing: .unconditional, help: "Lines to compose.")
    var lines: Int?

    @Option(parsing: .unconditional, help: "Hidden units of a layer.")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Layers.")
    var numLayers: Int?

    @Option(parsing: .unconditional, help: "Gaussians of a mixture.")
    var mixtures: Int?

    @Option(parsing: .unconditional, help: "Curves of the window over the text.")
    var window: Int?

    @Option(parsing: .unconditional, help: "Drawings of a batch.")
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: "The most movements of a drawing; longer ones are cut, or left out where they have a text.")
    var seqLength: Int?

    @Option(
        parsing: .unconditional,
        help: "Draw again with points at this distance, in the data's units; 0 leaves them as they are.")
    var pointSpacing: Double?

    @Option(parsing: .unconditional, help: "Steps that the window rests on a character before it has learned.")
    var stepsPerCharacter: Float?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from.")
    var seed: UInt64?

    @OptionGroup var division: ValidationOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: HandwritingConfiguration?) -> HandwritingConfiguration {
        let usual = initial?.writesText ?? writesText ? HandwritingConfiguration.synthesis : HandwritingConfiguration()
        var configuration = initial ?? usual
        configuration.optimization = usual.optimization
        if writesText { configuration.writesText = true }
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        configuration.font = font.map(RunOptions.absolutePath) ?? initial?.font
        configuration.set(\.lines, lines)
        configuration.set(\.hiddenSize, rnnSize)
        configuration.set(\.layers, numLayers)
        configuration.set(\.mixtures, mixtures)
        configuration.set(\.windowComponents, window)
        configuration.set(\.batchSize, batchSize)
        configuration.set(\.sequenceLength, seqLength)
        configuration.set(\.pointSpacing, pointSpacing)
        configuration.set(\.stepsPerCharacter, stepsPerCharacter)
        configuration.set(\.seed, seed)
        division.apply(to: &configuration)
        return configuration
    }

    static func runName(_ configuration: HandwritingConfiguration) -> String {
        "handwriting-\(configuration.writesText ? "text-" : "")\(configuration.layers)x\(configuration.hiddenSize)"
    }

    private static func defaults(_ configuration: HandwritingConfiguration) -> String {
        "Defaults: --rnn-size \(configuration.hiddenSize), --num-layers \(configuration.layers), "
            + "--mixtures \(configuration.mixtures), --batch-size \(configuration.batchSize), "
            + "--seq-length \(configuration.sequenceLength), --learning-rate "
            + "\(Console.short(configuration.optimization.learningRate)), --seed \(configuration.seed)"
            + (configuration.writesText
                ? ", --lines \(configuration.lines), --window \(configuration.windowComponents)." : ".")
    }
}

extension HandwritingTask: GeneratingTask {
    static let unit = "drawings"
    static let lossUnit = "nats a step"
    static let generatedFile: String? = "an SVG picture"

    static func title(_ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation) -> String {
        (configuration.writesText ? "Handwriting of texts" : "Drawing")
            + ": \(configuration.layers) x \(configuration.hiddenSize) lstm with peepholes, \(configuration.mixtures) "
            + "Gaussians" + (configuration.writesText ? ", \(preparation.characters.count) characters" : "")
    }

    static func schedule(_ configuration: HandwritingConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(steps: configuration.writesText ? 3000 : 1000, evaluateEvery: 250, checkpointEvery: 250)
    }

    static func use(of run: TaskRun<Self>) -> String {
        let prompt = run.configuration.writesText ? " --prompt \"hello world\"" : ""
        return "rnn generate \(run.directory.path)\(prompt) --bias 1"
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let found = try model.evaluate { try evaluation(of: $0, run, dataPath: options.dataPath) }
        let (loss, gain) = (found.evaluation.loss, found.evaluation.measures["gain"] ?? .nan)
        var report = Report(
            lines: [
                String(
                    format: "loss %.4f nats a step; one Gaussian %.4f, which is %.4f more", loss, loss + gain, gain)
                    + "  (\(Console.grouped(found.drawings)) drawings of \(found.name))"
            ],
            fields: [
                "loss": loss, "singleGaussian": loss + gain, "gain": gain, "drawings": found.drawings,
                "data": found.name,
            ])
        guard run.configuration.writesText, run.configuration.data == nil, options.dataPath == nil else {
            return report
        }
        let legibility = try model.evaluate { network in
            try HandwritingLegibility(of: network, run.configuration, run.preparation)
        }
        report.lines.append("legible: \(legibility.legible) of \(legibility.lines.count)")
        let others = legibility.lines.filter { !$0.isLegible }
        if !others.isEmpty {
            report.lines.append(
                "read otherwise: "
                    + others.map { "\($0.sample.drawing.text ?? "") as \($0.read)" }.joined(separator: ", "))
        }
        report.fields["legible"] = legibility.legible
        report.fields["written"] = legibility.lines.count
        return report
    }

    static func generate(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: GenerationOptions) throws {
        guard options.temperature == 1, options.topK == nil, options.topP == nil else {
            throw RecurrentError("--temperature, --top-k and --top-p are for tokens; --bias makes handwriting neater")
        }
        let seed = options.drawnSeed
        let bias = options.bias ?? 0
        let samples = try model.evaluate { network in
            let writer = try HandwritingWriter(network, run.preparation, bias: bias, seed: seed)
            guard run.configuration.writesText else {
                guard options.prompt == nil else {
                    throw RecurrentError(
                        "--prompt is for a model that writes texts; this one was trained without --text")
                }
                return try writer.draw(6, movements: options.length ?? run.configuration.sequenceLength)
            }
            guard let text = options.prompt else {
                throw RecurrentError("--prompt is missing; expected the text to write")
            }
            return try writer.write([text])
        }
        let picture = StrokePicture(
            title: options.prompt ?? "Drawn after \(run.directory.path)",
            drawings: samples.map { StrokePicture.Item(strokes: $0.drawing.strokes) },
            seconds: run.configuration.writesText ? 4 : nil)
        try options.out.map { try AtomicFile.writeOutput(Data(picture.svg().utf8), to: $0) }
        var files = [try options.out ?? picture.write(as: "written", into: run.directory.picturesPath)]
        if run.configuration.writesText {
            files.append(try samples[0].windowPath.write(as: "window", into: run.directory.picturesPath))
        }
        if options.json {
            try Console.json([
                "pictures": files, "seed": seed, "prompt": options.prompt ?? "", "bias": Double(bias),
                "complete": samples.allSatisfy(\.isComplete), "steps": samples.map(\.drawing.steps.count),
            ])
        } else {
            try Console.result(files.joined(separator: "\n"))
            if run.configuration.writesText && !samples[0].isComplete {
                Console.note("The window had not reached the end of the text when the writing was cut off.")
            }
        }
    }
}
