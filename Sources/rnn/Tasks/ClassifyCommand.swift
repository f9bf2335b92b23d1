import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// `rnn train classify`.
struct TrainClassifyCommand: TrainTaskCommand {
    typealias Task = ClassifyTask

    static let configuration = CommandConfiguration(
        commandName: "classify", abstract: "Trains a model that gives texts a label.",
        discussion: """
            --data is a directory with a file of texts for each label (French.txt, ...), a file of text, tab and label, \
            a directory of these, or a CSV file. Every class is divided in the same shares for training, validation and \
            test; a class of one text is trained and never tested. Rare classes are not weighted. The epoch with the \
            best accuracy on the validation part is kept, and evaluated on the test part at the end.

            \(LayerOptions.defaults(ClassifyConfiguration())) \(ClassifyTask.usualEpochs) epochs. The notes have 512 hidden units.
            """)

    @Option(help: "A directory or file of labelled texts.")
    var data: String

    @OptionGroup var encoding: EncodingOption

    @Option(help: "The column of the texts, by its name or number (default: text; with tabs, as the columns look).")
    var textColumn: String?

    @Option(help: "The column of the labels, by its name or number (default: label; with tabs, as the columns look).")
    var labelColumn: String?

    @OptionGroup var layers: LayerOptions

    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: byte).")
    var level: TokenLevel?

    @Option(parsing: .unconditional, help: "Width of a word's vector, with --level word (default: 128).")
    var embeddingSize: Int?

    @Option(parsing: .unconditional, help: "Tokens after which a text is cut (default: 256).")
    var seqLength: Int?

    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: ClassifyConfiguration?) -> ClassifyConfiguration {
        var configuration = ClassifyConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        configuration.encoding = encoding.encoding
        (configuration.textColumn, configuration.labelColumn) = (textColumn, labelColumn)
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.level, level ?? initial?.level)
        configuration.set(\.embeddingSize, embeddingSize ?? initial?.embeddingSize)
        configuration.set(\.sequenceLength, seqLength ?? initial?.sequenceLength)
        division.apply(to: &configuration)
        return configuration
    }

    func checkOptions() throws {
        guard embeddingSize == nil || level == .word || training.target.initFrom != nil else {
            throw ValidationError("--embedding-size is given, but only words have vectors: expected --level word")
        }
    }
}

extension ClassifyTask: PredictingTask {
    static let unit = "texts"
    static let lossUnit = "nats a text"
    static let usualEpochs = 12

    static func title(_ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation) -> String {
        "Classifier: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue) from each end, "
            + "\(preparation.vocabulary.size) \(configuration.level.rawValue)s, \(preparation.labelNames.count) classes"
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path) \"a text\"" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let (examples, name) = try run.evaluationExamples(of: options.dataPath)
        let (loss, matrix) = model.evaluate { examples.evaluated(by: $0, labelNames: run.preparation.labelNames) }
        let own: [String: any Sendable] = [
            "loss": loss, "texts": examples.count, "data": name, "tokens": examples.tokenCount,
            "unknownTokens": examples.unknownCount, "cutTexts": examples.cutCount,
        ]
        return Report(
            lines: [
                String(format: "loss %.4f nats  accuracy %.4f", loss, matrix.accuracy)
                    + "  (\(Console.grouped(examples.count)) texts: \(name))"
            ] + matrix.lines + notes(on: examples, run.configuration),
            fields: matrix.fields.merging(own) { $1 })
    }

    /// What the model does not see of the texts.
    private static func notes(on examples: ClassifyExamples, _ configuration: ClassifyConfiguration) -> [String] {
        let meaning =
            switch configuration.level {
            case .byte: "bytes are 128 or more, and read as zeros"
            case .character: "characters are not among the training texts', and read as zeros"
            case .word: "words are not among the training texts', and read as one unknown word"
            }
        let unknown =
            "\(Console.grouped(examples.unknownCount)) of \(Console.grouped(examples.tokenCount)) \(meaning)"
        guard examples.cutCount > 0 else { return [unknown] }
        let unit = configuration.level.rawValue + "s"
        return [
            unknown, "texts cut after \(configuration.sequenceLength) \(unit): \(Console.grouped(examples.cutCount))",
        ]
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        try options.showEach { text in
            let found = model.evaluate {
                run.preparation.predictions(for: [text], limit: run.configuration.sequenceLength, with: $0)[0]
            }
            return Report(
                of: "\(Console.shown(text)):", found.labelNames, found.probabilities,
                fields: ["text": text, "label": found.labelNames[0]])
        }
    }
}
