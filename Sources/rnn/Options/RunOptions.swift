import ArgumentParser
import Foundation
import RecurrentTraining

/// Where a new run gets its data from, and where it is kept.
struct RunOptions: ParsableArguments {
    @Option(help: "Directory of the run, which must be new (default: a new one in runs/).")
    var out: String?

    @Option(help: "A run of the same task whose latest weights the training starts from.")
    var initFrom: String?

    /// The run to start from, if one was given.
    func initialRun<Task: ShownTask>(_ task: Task.Type) throws -> TaskRun<Task>? {
        try initFrom.map { try TaskRun<Task>(openingAt: $0) }
    }

    /// Begins a run and trains it.
    func train<Task: ShownTask>(
        _ configuration: Task.Configuration, from initialRun: TaskRun<Task>?, named name: String,
        schedule: ScheduleOptions
    ) throws {
        let training = try TaskRun<Task>.begin(configuration, initialRun: initialRun) {
            try out.map { try RunDirectory.create(at: $0) } ?? RunDirectory.create(named: name)
        }
        try TrainingSession<Task>(schedule: schedule).run(training)
    }

    /// Whole paths, so that a run can be resumed from another directory.
    static func absolutePath(_ path: String) -> String {
        path.hasPrefix("/") || path.isEmpty ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
