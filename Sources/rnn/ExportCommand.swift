import ArgumentParser

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
        try KnownTasks.task(ofRunAt: path).export(path, options)
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
