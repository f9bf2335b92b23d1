import Recurrent

extension Trainer where Task: StoredTask {
    /// Reads the data of a configuration, prepares it, and puts everything together, without a run directory.
    /// - Parameter source: The data, where it has been read already.
    /// - Throws: `RecurrentError` where a setting or the data is not usable.
    public init(_ configuration: Task.Configuration, source: Task.Source? = nil) throws {
        try configuration.validate()
        let source = try source ?? Task.read(configuration)
        let preparation = try Task.prepare(source, configuration)
        self.init(
            configuration, model: Task.makeModel(configuration, preparation),
            task: try Task(configuration, preparation: preparation, source: source))
    }

    /// A training at its beginning.
    init(_ configuration: Task.Configuration, model: Model<Task.Network>, task: Task) {
        self.init(
            model: model, optimizer: configuration.optimization.makeOptimizer(),
            schedule: configuration.optimization.schedule, clipping: configuration.optimization.clipping, task: task,
            seed: configuration.seed)
    }
}
