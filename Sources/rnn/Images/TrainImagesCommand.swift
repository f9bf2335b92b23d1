import ArgumentParser
import Recurrent
import RecurrentTasks

/// `rnn train images`.
struct TrainImagesCommand: TrainTaskCommand {
    typealias Task = ImagesTask

    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Trains a model that reads pictures row by row and names their class.",
        discussion: """
            --data is a directory with the four files of MNIST or Fashion-MNIST, gzipped or not. The epoch that is best \
            on pictures held back from training is kept, and evaluated on the test pictures at the end.

            \(LayerOptions.defaults(ImagesConfiguration())) 10 epochs.
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
