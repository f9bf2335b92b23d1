import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension ClassifyTask: ShownTask {
    static let unit = "texts"
    static let lossUnit = "nats a text"

    static func title(_ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation) -> String {
        "Classifier: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue) from each end, "
            + "\(preparation.vocabulary.size) \(configuration.level.rawValue)s, \(preparation.labelNames.count) classes"
    }

    static func schedule(_ configuration: ClassifyConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(steps: 12 * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: stepsPerEpoch)
    }

    static func use(of run: TaskRun<ClassifyTask>) -> String { "rnn predict \(run.directory.path) \"a text\"" }

    static func report(
        _ run: TaskRun<ClassifyTask>, _ model: Model<ClassifyNetwork>, _ options: ReportOptions
    ) throws -> Report {
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

    // Classes that are named beside the most probable one.
    private static let shownNext = 2

    static func predict(
        _ run: TaskRun<ClassifyTask>, _ model: Model<ClassifyNetwork>, _ options: PredictionOptions
    ) throws {
        var inputs = options.lines()
        while let text = try inputs.next() {
            let predictions = model.evaluate { network in
                run.preparation.predictions(for: [text], limit: run.configuration.sequenceLength, with: network)
            }
            for prediction in predictions {
                let shares = zip(prediction.labelNames, prediction.probabilities.map(Double.init))
                if options.json {
                    try Console.json([
                        "text": text, "label": prediction.labelNames[0],
                        "probability": Double(prediction.probabilities[0]),
                        "probabilities": Dictionary(uniqueKeysWithValues: shares),
                    ])
                } else {
                    let shown = shares.prefix(1 + shownNext).map { "\($0) " + String(format: "%.4f", $1) }
                    let next = shown.dropFirst().joined(separator: ", ")
                    try Console.result("\(Console.shown(text)): \(shown[0])  (\(next))")
                }
            }
        }
    }
}
