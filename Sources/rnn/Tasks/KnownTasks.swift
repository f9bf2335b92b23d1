import Recurrent
import RecurrentTasks
import RecurrentTraining

/// The tasks that the command knows.
enum KnownTasks {
    static let all: [any ShownTask.Type] = [
        TextTask.self, SeriesTask.self, ImagesTask.self, ClassifyTask.self, DescribeTask.self, AddingTask.self,
        MelodyTask.self, AnswerTask.self, SkipGramTask.self, SortTask.self, TranslateTask.self,
        HandwritingTask.self,
    ]

    /// The task of a run, which can do what is asked for.
    /// - Parameters:
    ///   - path: Where the run is.
    ///   - able: The task where it can do it, and nil where not.
    ///   - lack: What is said of a task that cannot, as in "generates nothing new".
    /// - Throws: `RecurrentError` where there is no run, its task is unknown, or it cannot do what is asked for.
    static func task<Able>(
        ofRunAt path: String, able: (any ShownTask.Type) -> Able?, lack: String
    ) throws -> Able {
        let task = try task(ofRunAt: path)
        guard let found = able(task) else {
            let others = all.filter { able($0) != nil }.map { $0.name }.joined(separator: ", ")
            throw RecurrentError("\(path): a run of the task \"\(task.name)\" \(lack); expected a run of \(others)")
        }
        return found
    }

    /// The task of a run.
    ///
    /// - Throws: `RecurrentError` where there is no run, or its task is unknown.
    static func task(ofRunAt path: String) throws -> any ShownTask.Type {
        let name = try RunDirectory.open(at: path).taskName()
        guard let task = all.first(where: { $0.name == name }) else {
            throw RecurrentError(
                "\(path): this is a run of the task \"\(name.prefix(60))\"; expected one of "
                    + all.map { $0.name }.joined(separator: ", "))
        }
        return task
    }
}
