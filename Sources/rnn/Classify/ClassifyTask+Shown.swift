import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension ClassifyTask: ShownTask {
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
        var fields = matrix.fields
        fields["loss"] = loss
        fields["texts"] = examples.count
        fields["data"] = name
        fields["tokens"] = examples.tokenCount
        fields["unknownTokens"] = examples.unknownCount
        fields["cutTexts"] = examples.cutCount
        return Report(
            lines: [
                String(format: "loss %.4f nats  accuracy %.4f", loss, matrix.accuracy)
                    + "  (\(Console.grouped(examples.count)) texts: \(name))"
            ] + matrix.lines + notes(on: examples, run.configuration),
            fields: fields)
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
