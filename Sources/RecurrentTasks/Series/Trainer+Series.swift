import RecurrentTraining

extension Trainer<SeriesTask> {
    /// Reads the data of a configuration, prepares it, and puts everything together, without a run directory.
    ///
    /// - Throws: `RecurrentError` where an option or the data is not usable.
    public init(_ configuration: SeriesConfiguration) throws {
        try configuration.validate()
        let source = try SeriesTask.read(configuration)
        let preparation = try SeriesTask.prepare(source, configuration)
        self.init(
            model: SeriesTask.makeModel(configuration, preparation),
            optimizer: configuration.optimization.makeOptimizer(), schedule: configuration.optimization.schedule,
            clipping: configuration.optimization.clipping,
            task: try SeriesTask(configuration, preparation: preparation, source: source), seed: configuration.seed)
    }
}
