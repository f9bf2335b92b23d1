import ArgumentParser
import Foundation
import Recurrent
import RecurrentTasks
import RecurrentTraining

/// `rnn train images`.
struct TrainImagesCommand: TrainTaskCommand {
    typealias Task = ImagesTask

    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Trains a model that reads pictures row by row and names their class.",
        discussion: """
            --data is a directory with the four files of MNIST, Fashion-MNIST or EMNIST, gzipped or not; of several sets \
            in it one is chosen as in gzip/emnist-letters. The epoch that is best on pictures held back from training is \
            kept, and evaluated on the test pictures at the end.

            \(LayerOptions.defaults(ImagesConfiguration())) \(ImagesTask.usualEpochs) epochs.
            """)

    @Option(help: "A directory with train-images-idx3-ubyte.gz and the other three files.")
    var data: String?

    @Option(help: "Initialiser of the weights: \(Initializer.names.joined(separator: ", ")) (default: glorot-uniform).")
    var initializer: String?

    @OptionGroup var layers: LayerOptions
    @OptionGroup var division: ValidationOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: ImagesConfiguration?) -> ImagesConfiguration {
        var configuration = ImagesConfiguration()
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.initializer, initializer ?? initial?.initializer)
        division.apply(to: &configuration)
        return configuration
    }
}

extension ImagesTask: PredictingTask {
    static let unit = "pictures"
    static let lossUnit = "nats a picture"

    static func title(_ configuration: ImagesConfiguration, _ preparation: ImagesPreparation) -> String {
        "Image model: \(configuration.layers) x \(configuration.hiddenSize) \(configuration.cell.rawValue) over "
            + "\(preparation.rows) rows of \(preparation.columns) pixels, \(preparation.classes) classes"
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path) PICTURE.png" }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let source = try run.source(dataPath: options.dataPath)
        let test = try run.preparation.classified(source.data.test, name: source.name)
        let (loss, confusion, _) = model.evaluate {
            evaluate($0, on: test, 0..<test.count, classNames: run.preparation.classNames)
        }
        let own: [String: any Sendable] = ["loss": loss, "pictures": test.count, "data": source.name]
        return Report(
            lines: [
                String(format: "loss %.4f nats  accuracy %.4f", loss, confusion.accuracy)
                    + "  (\(Console.grouped(test.count)) test pictures of \(source.name))"
            ] + confusion.lines,
            fields: confusion.fields.merging(own) { $1 })
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        try options.showEachPicture(for: run.preparation) { pixels in
            let input = Tensor(pixels, shape: [run.preparation.rows, 1, run.preparation.columns])
            let shares = model.evaluate { $0(input).softmax() }.values
            let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
            let labels = run.preparation.labels
            return Report(
                lines: ["\(labels.lowerBound + best)  \(Console.fixed(Double(shares[best])))"],
                fields: [
                    "class": labels.lowerBound + best, "firstClass": labels.lowerBound,
                    "probabilities": shares.map(Double.init),
                ])
        }
    }
}
