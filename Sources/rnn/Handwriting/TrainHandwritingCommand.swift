import ArgumentParser
import RecurrentTasks

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
