import Foundation

/// A text model's run directory: begun, taken up again, or opened to use the model.
public struct TextRun: Sendable {
    /// Where the run is kept.
    public let directory: RunDirectory
    /// What the model is and how it is trained.
    public let configuration: TextConfiguration
    /// The tokens that the model knows.
    public let vocabulary: TextVocabulary

    /// The text of a configuration: the file's, or the notes' sentence.
    private struct Source {
        var file: TextFile?
        var name: String

        init(_ configuration: TextConfiguration) throws {
            file = try configuration.data.map { try TextFile(path: $0) }
            name = configuration.data ?? "the notes' sentence"
        }

        func vocabulary(_ level: TextConfiguration.Level) throws -> TextVocabulary {
            if level == .byte { return .bytes }
            return .characters(try CharacterVocabulary(of: file?.text() ?? TextConfiguration.sentence, name: name))
        }

        func tokens(_ vocabulary: TextVocabulary) throws -> [Int32] {
            try file.map { try vocabulary.encode($0) } ?? vocabulary.encode(TextConfiguration.sentence)
        }

        var fingerprint: String {
            file.map { Checksum.fingerprint($0.bytes) } ?? Checksum.fingerprint(Array(TextConfiguration.sentence.utf8))
        }
    }

    /// A run with its training at some step.
    public struct Training: Sendable {
        /// The run.
        public let run: TextRun
        /// The training.
        public var trainer: Trainer<TextTask>
        /// What the text is known again by.
        public let dataFingerprint: String
        /// Keeps others from training in the same run.
        let lock: RunLock
    }

    /// Begins a new run.
    /// - Parameters:
    ///   - configuration: What to train.
    ///   - makeDirectory: Makes the run's directory, once all input has been found to be good.
    ///   - initialRun: A run whose latest parameters the training starts from.
    /// - Throws: `RecurrentError` where an option or the text is not usable, or the directory cannot be made.
    public static func begin(
        _ configuration: TextConfiguration, initialRun: TextRun? = nil,
        makeDirectory: () throws -> RunDirectory
    ) throws -> Training {
        try configuration.validate()
        let source = try Source(configuration)
        let vocabulary = try initialRun?.vocabulary ?? source.vocabulary(configuration.level)
        let needed = configuration.estimatedBytes(vocabularySize: vocabulary.size)
        guard needed < 0.8 * Double(ProcessInfo.processInfo.physicalMemory) else {
            throw RecurrentError(
                "this model and batch need about \(Int((needed / 1e9).rounded(.up))) GB of memory, which this machine "
                    + "does not have: lower --rnn-size, --num-layers, --batch-size or --seq-length")
        }
        let task = try TextTask(
            configuration, vocabulary: vocabulary, tokens: source.tokens(vocabulary), name: source.name)
        var model = task.makeModel()
        if let initialRun {
            try model.parameters.load(
                initialRun.directory.latestCheckpoint().parameters, file: initialRun.directory.path)
        }
        let directory = try makeDirectory()
        try directory.save(vocabulary: vocabulary)
        try directory.save(configuration: configuration)
        let trainer = Trainer(
            model: model, optimizer: Adam(learningRate: configuration.learningRate), clipping: configuration.clipping,
            task: task, seed: configuration.seed)
        let run = TextRun(directory: directory, configuration: configuration, vocabulary: vocabulary)
        return Training(
            run: run, trainer: trainer, dataFingerprint: source.fingerprint, lock: try directory.lock())
    }

    private init(directory: RunDirectory, configuration: TextConfiguration, vocabulary: TextVocabulary) {
        self.directory = directory
        self.configuration = configuration
        self.vocabulary = vocabulary
    }

    /// Opens a run.
    ///
    /// - Throws: `RecurrentError` where there is none at the path, or its files are damaged.
    public init(openingAt path: String) throws {
        directory = try RunDirectory.open(at: path)
        configuration = try directory.configuration(as: TextConfiguration.self)
        guard configuration.task == TextConfiguration().task else {
            throw RecurrentError(
                "\(directory.path): this is a run of the task \"\(configuration.task)\"; expected text")
        }
        do { try configuration.validate() } catch {
            throw RecurrentError("\(directory.configurationPath): \(error)")
        }
        vocabulary = try directory.vocabulary()
        let needed = configuration.estimatedBytes(vocabularySize: vocabulary.size)
        guard needed < 4 * Double(ProcessInfo.processInfo.physicalMemory) else {
            throw RecurrentError("\(directory.configurationPath): the model is far larger than this machine's memory")
        }
    }

    /// Takes the training up again at the latest checkpoint.
    ///
    /// - Parameter dataPath: Where the text is now, or nil where it has not moved.
    /// - Throws: `RecurrentError` where the text has changed or a file is damaged.
    public func resume(dataPath: String? = nil) throws -> Training {
        var configuration = configuration
        if let dataPath { configuration.data = dataPath }
        let lock = try directory.lock()
        let checkpoint = try latestCheckpoint()
        let source: Source
        do { source = try Source(configuration) } catch let error where dataPath == nil {
            throw RecurrentError("\(error). Where the text is elsewhere now, say where with --data")
        }
        guard checkpoint.dataFingerprint == source.fingerprint else {
            throw RecurrentError(
                "\(source.name) has changed since the run began (\(source.fingerprint), not "
                    + "\(checkpoint.dataFingerprint)): bring the old text back, or begin a new run, with --init-from "
                    + "\(directory.path) if it shall start from these weights")
        }
        let task = try TextTask(
            self.configuration, vocabulary: vocabulary, tokens: source.tokens(vocabulary), name: source.name)
        var trainer = Trainer(
            model: task.makeModel(), optimizer: Adam(learningRate: configuration.learningRate),
            clipping: configuration.clipping, task: task, seed: configuration.seed)
        try trainer.restore(checkpoint, file: directory.checkpointPath(step: checkpoint.step))
        try directory.cutHistory(after: checkpoint.step)
        return Training(run: self, trainer: trainer, dataFingerprint: source.fingerprint, lock: lock)
    }

    /// The model with the parameters of the latest checkpoint, and that checkpoint's step.
    ///
    /// - Throws: `RecurrentError` where the checkpoint is damaged or belongs to another network.
    public func model() throws -> (model: Model<TextNetwork>, step: Int) {
        let size = vocabulary.size
        var model = Model(seed: configuration.seed) { [configuration] binder in
            TextNetwork(configuration, vocabularySize: size, &binder)
        }
        let checkpoint = try latestCheckpoint()
        try model.parameters.load(
            checkpoint.parameters, file: directory.checkpointPath(step: checkpoint.step))
        return (model, checkpoint.step)
    }

    /// The latest checkpoint, if it was written under the configuration that the run has now.
    private func latestCheckpoint() throws -> Checkpoint {
        let checkpoint = try directory.latestCheckpoint()
        var written = try? JSONDecoder().decode(TextConfiguration.self, from: Data(checkpoint.configuration.utf8))
        // Where the text is may change; what is in it is known by its fingerprint.
        written?.data = configuration.data
        guard written == configuration else {
            throw RecurrentError(
                "\(directory.configurationPath): it was changed since the checkpoint of step \(checkpoint.step) was "
                    + "written; to use that, put this back: \(checkpoint.configuration)")
        }
        return checkpoint
    }

    /// The tokens that the run was validated on, or of another file, all of it.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, has characters that the model does not know, or there
    ///   are fewer than two tokens.
    public func evaluationTokens(of path: String?) throws -> (tokens: [Int32], name: String) {
        var configuration = configuration
        if let path { configuration.data = path }
        let source = try Source(configuration)
        let tokens = try source.tokens(vocabulary)
        let validation = try TextStreams.split(tokens, validationFraction: configuration.validationFraction).validation
        let chosen = path == nil && !validation.isEmpty ? validation : tokens
        guard chosen.count >= 2 else {
            throw RecurrentError("\(source.name) has \(chosen.count) tokens to judge by; at least 2 are needed")
        }
        let part = path == nil && !validation.isEmpty ? "the validation part of \(source.name)" : source.name
        return (chosen, part)
    }
}
