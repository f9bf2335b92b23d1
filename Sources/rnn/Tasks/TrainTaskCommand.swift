import ArgumentParser
import Recurrent
import RecurrentTraining

/// How a task is trained, shown and kept: the options that all of `rnn train` share.
struct TrainingOptions: ParsableArguments {
    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions
}

/// `rnn train` of one task: it says what to train, the rest is the same for all.
protocol TrainTaskCommand: ParsableCommand {
    /// The task that is trained.
    associatedtype Task: ShownTask

    /// The options that all tasks share.
    var training: TrainingOptions { get }

    /// What is trained. The network is that of the initial run where there is one and no option changes it; how it learns
    /// and from which data is the command's.
    func configuration(from initial: Task.Configuration?) -> Task.Configuration

    /// Checks options against each other, beyond what the configuration checks.
    func checkOptions() throws

    /// The name of a run that its user gave none.
    static func runName(_ configuration: Task.Configuration) -> String
}

extension TrainTaskCommand {
    /// Nothing beyond the configuration.
    func checkOptions() throws {}

    func validate() throws {
        try checkOptions()
        // What is left out is another run's then, and is checked when that is read.
        guard training.target.initFrom == nil else { return }
        do { try completed(configuration(from: nil)).validate() } catch let error as RecurrentError {
            throw ValidationError(OptionNames.worded(error.description))
        }
    }

    func run() throws {
        try training.machine.apply()
        let initial = try training.target.initialRun(Task.self)
        let configuration = completed(configuration(from: initial?.configuration))
        try training.target.train(
            configuration, from: initial, named: Self.runName(configuration), schedule: training.schedule)
    }

    private func completed(_ configuration: Task.Configuration) -> Task.Configuration {
        var configuration = configuration
        training.optimization.apply(to: &configuration.optimization)
        return configuration
    }
}

extension TrainTaskCommand where Task.Configuration: RecurrentConfiguration {
    /// The task, the cell and its size.
    static func runName(_ configuration: Task.Configuration) -> String {
        "\(Task.name)-\(configuration.cell.rawValue)-\(configuration.hiddenSize)"
    }
}

extension TrainTaskCommand where Task.Configuration: LayeredConfiguration {
    /// The task, the cell, its layers and size.
    static func runName(_ configuration: Task.Configuration) -> String {
        "\(Task.name)-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)"
    }
}
