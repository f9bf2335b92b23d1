import ArgumentParser
import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

/// `rnn train describe`.
struct TrainDescribeCommand: TrainTaskCommand {
    typealias Task = DescribeTask

    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Trains a model that writes the name of what a picture shows.",
        discussion: """
            --data is a directory with the four files of MNIST, Fashion-MNIST or EMNIST, gzipped or not; of several sets \
            in it one is chosen as in gzip/emnist-letters. The name is written letter by letter: "zero" to "nine", unless \
            --names says otherwise. The epoch that is best on pictures held back from training is kept, and evaluated on \
            the test pictures at the end.

            \(RecurrentOptions.defaults(DescribeConfiguration())) \(DescribeTask.usualEpochs) epochs.
            """)

    @Option(help: "A directory with train-images-idx3-ubyte.gz and the other three files.")
    var data: String?

    @Option(help: "A file with a name a line, the first that of the smallest label (default: the digits in English).")
    var names: String?

    @OptionGroup var recurrent: RecurrentOptions
    @OptionGroup var division: ValidationOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: DescribeConfiguration?) -> DescribeConfiguration {
        var configuration = DescribeConfiguration()
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        configuration.names = names.map(RunOptions.absolutePath) ?? initial?.names
        recurrent.apply(to: &configuration, from: initial)
        division.apply(to: &configuration)
        return configuration
    }

    func checkOptions() throws {
        if names != nil, training.target.initFrom != nil {
            throw ValidationError("--names is given with --init-from, whose run has its own names")
        }
    }
}

extension DescribeTask: PredictingTask {
    static let unit = "pictures"
    static let lossUnit = "nats a letter"

    static func title(_ configuration: DescribeConfiguration, _ preparation: DescribePreparation) -> String {
        "Describing model: from \(preparation.pixels) pixels to \(configuration.hiddenSize) "
            + "\(configuration.cell.rawValue), \(preparation.names.names.count) names of "
            + "\(preparation.names.tokenCount - 1) letters"
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path) PICTURE.png" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let source = try run.source(dataPath: options.dataPath)
        let test = try run.preparation.images.classified(source.data.test, name: source.name)
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

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        let names = run.preparation.names
        try options.showEachPicture(for: run.preparation.images) { pixels in
            let picture = Tensor(pixels, shape: [1, pixels.count])
            let spelling = try model.evaluate { try $0.spellings(of: picture, longest: names.longest)[0].tokens }
            let name = names.text(of: spelling)
            return Report(lines: [name], fields: ["name": name])
        }
    }
}
