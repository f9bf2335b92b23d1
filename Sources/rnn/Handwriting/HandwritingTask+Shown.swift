import Foundation
import Recurrent
import RecurrentPictures
import RecurrentTasks
import RecurrentTraining

extension HandwritingTask: ShownTask {
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
        var files = [try write(picture, as: "written", to: options.out, in: run)]
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

    private static func write(
        _ picture: StrokePicture, as name: String, to path: String?, in run: TaskRun<Self>
    ) throws -> String {
        guard let path else { return try picture.write(as: name, into: run.directory.picturesPath) }
        try AtomicFile.writeOutput(Data(picture.svg().utf8), to: path)
        return path
    }
}
