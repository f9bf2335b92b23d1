import ArgumentParser
import RecurrentTasks

/// `rnn train describe`.
struct TrainDescribeCommand: TrainTaskCommand {
    typealias Task = DescribeTask

    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Trains a model that writes the name of what a picture shows.",
        discussion: """
            --data is a directory with the four files of MNIST or Fashion-MNIST, gzipped or not. The name is written \
            letter by letter: "zero" to "nine", unless --names says otherwise. The epoch that is best on pictures held \
            back from training is kept, and evaluated on the test pictures at the end.

            \(RecurrentOptions.defaults(DescribeConfiguration())) 10 epochs.
            """)

    @Option(help: "A directory with train-images-idx3-ubyte.gz and the other three files.")
    var data: String?

    @Option(help: "A file with a name a line, the first that of class 0 (default: the digits in English).")
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
