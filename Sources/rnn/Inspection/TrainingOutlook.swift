import Recurrent
import RecurrentTraining

/// What a training would make of some data: as its command would begin, without a run.
struct TrainingOutlook {
    /// What to type.
    let command: String
    /// What would be trained, or why nothing would.
    private(set) var lines: [String]
    let fields: [String: any Sendable]

    /// The same without lines that stand elsewhere.
    func without(_ others: [String]) -> TrainingOutlook {
        var outlook = self
        outlook.lines.removeAll(where: others.contains)
        return outlook
    }

    /// Reads and prepares the data as a training does.
    init<Task: ShownTask>(of task: Task.Type, _ configuration: Task.Configuration, options: String = "") {
        let command = "rnn train \(Task.name) --data \(Console.shellWord(configuration.data ?? ""))\(options)"
        self.command = command
        do {
            try configuration.validate()
            let source = try Task.read(configuration)
            let preparation = try Task.prepare(source, configuration)
            let task = try Task(configuration, preparation: preparation, source: source)
            let title = Task.title(configuration, preparation)
            lines =
                [
                    title,
                    "Batches of \(Console.grouped(task.itemsPerStep)) \(Task.unit), "
                        + "\(Console.grouped(task.stepsPerEpoch)) to an epoch",
                ] + task.remarks.map { OptionNames.worded($0) }
            fields = [
                "command": command, "title": title, "itemsPerStep": task.itemsPerStep,
                "stepsPerEpoch": task.stepsPerEpoch, "remarks": task.remarks.map { OptionNames.worded($0) },
            ]
        } catch {
            let reason = OptionNames.worded("\(error)")
            lines = ["refuses it: \(reason)"]
            fields = ["command": command, "refusal": reason]
        }
    }
}
