import ArgumentParser
import Recurrent
import RecurrentTraining

/// `rnn export RUN`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes what a model has learned for other programs: word vectors.")

    @Argument(help: "The directory of the run.")
    var path: String

    @OptionGroup var options: ExportOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        try machine.apply()
        try KnownTasks.task(
            ofRunAt: path, able: { $0 as? any ExportingTask.Type }, lack: "has no word vectors to export"
        ).export(path, options)
    }
}

/// A task whose models have learned something that other programs read.
protocol ExportingTask: ShownTask {
    /// Writes what a trained model has learned for other programs.
    static func export(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ExportOptions) throws
}

extension ExportingTask {
    /// Writes what the model of a run has learned for other programs.
    static func export(_ path: String, _ options: ExportOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try export(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }
}

/// What is written, and where.
struct ExportOptions: ParsableArguments {
    /// A form in which word vectors are written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case word2vec
        case word2vecBinary = "word2vec-binary"
        case glove
        case projector
    }

    @Option(
        help: """
            word2vec, word2vec-binary or glove, a file each; projector: a directory with vectors.tsv and metadata.tsv for \
            the TensorBoard embedding projector.
            """)
    var format = Format.word2vec

    @Option(help: "The file or directory to write.")
    var out: String

    @OptionGroup var checkpoint: CheckpointOption
}
