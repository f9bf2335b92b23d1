import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

extension DescribeTask: ShownTask {
    static let unit = "pictures"
    static let lossUnit = "nats a letter"

    static func title(_ configuration: DescribeConfiguration, _ preparation: DescribePreparation) -> String {
        "Describing model: from \(preparation.pixels) pixels to \(configuration.hiddenSize) "
            + "\(configuration.cell.rawValue), \(preparation.names.names.count) names of "
            + "\(preparation.names.tokenCount - 1) letters"
    }

    static func schedule(_ configuration: DescribeConfiguration, stepsPerEpoch: Int) -> TrainingSchedule {
        TrainingSchedule(steps: 10 * stepsPerEpoch, evaluateEvery: stepsPerEpoch, checkpointEvery: stepsPerEpoch)
    }

    static func use(of run: TaskRun<DescribeTask>) -> String { "rnn predict \(run.directory.path) PICTURE.png" }

    static func report(
        _ run: TaskRun<DescribeTask>, _ model: Model<DescribeNetwork>, _ options: ReportOptions
    ) throws -> Report {
        let source = try run.source(dataPath: options.dataPath)
        let test = source.data.test
        try run.preparation.images.check(test, name: source.name)
        let found = try model.evaluate {
            try evaluate($0, on: test, 0..<test.count, names: run.preparation.names).evaluation
        }
        let exact = found.measures["exact"] ?? .nan
        return Report(
            lines: [
                String(format: "exact %.4f  test loss %.4f nats a letter", exact, found.loss)
                    + "  (\(Console.grouped(test.count)) test pictures of \(source.name))"
            ],
            fields: ["loss": found.loss, "exact": exact, "pictures": test.count, "data": source.name])
    }

    static func predict(
        _ run: TaskRun<DescribeTask>, _ model: Model<DescribeNetwork>, _ options: PredictionOptions
    ) throws {
        let names = run.preparation.names
        var inputs = options.lines()
        while let path = try inputs.next() {
            let pictures = try run.preparation.images.pictures(at: path)
            for (place, pixels) in pictures.enumerated() {
                let picture = Tensor(pixels.map { Float($0) / 255 }, shape: [1, pixels.count])
                let spelling = try model.evaluate { try $0.spellings(of: picture, longest: names.longest)[0].tokens }
                let name = names.text(of: spelling)
                if options.json {
                    try Console.json(["file": path, "picture": place, "name": name])
                } else {
                    try Console.result("\(path)\(pictures.count > 1 ? " \(place)" : ""): \(name)")
                }
            }
        }
    }
}
