import ArgumentParser
import Recurrent
import RecurrentTasks
import RecurrentTraining

/// `rnn predict RUN [INPUT...]`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Says what a trained model makes of inputs.")

    @Argument(help: "The directory of the run.")
    var path: String

    @OptionGroup var options: PredictionOptions
    @OptionGroup var machine: MachineOptions

    func run() throws {
        try machine.apply()
        try KnownTasks.task(
            ofRunAt: path, able: { $0 as? any PredictingTask.Type }, lack: "takes no inputs to predict from"
        ).predict(path, options)
    }
}

/// A task whose models say something of inputs.
protocol PredictingTask: ShownTask {
    /// Says what a trained model makes of inputs.
    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws
}

extension PredictingTask {
    /// Says what the model of a run makes of inputs.
    static func predict(_ path: String, _ options: PredictionOptions) throws {
        let run = try TaskRun<Self>(openingAt: path)
        try check(options.search, path)
        guard canSearch || !options.attention else {
            throw RecurrentError("\(path): a run of the task \"\(name)\" has no attention to draw")
        }
        try predict(run, run.model(options.checkpoint.of(Self.self)).model, options)
    }
}

/// What is to be predicted, and how it is shown.
struct PredictionOptions: ParsableArguments {
    @Argument(help: "Texts, or files of pictures; lines of standard input where none is given.")
    var inputs: [String] = []

    @OptionGroup var checkpoint: CheckpointOption
    @OptionGroup var search: SearchOptions

    @Flag(help: "Draw where a translator looks while it writes, among the run's pictures.")
    var attention = false

    @Flag(help: "Print JSON lines only.")
    var json = false

    /// The inputs, one at a time, or the lines of standard input, the empty ones too.
    func allLines() -> PredictionInputs { PredictionInputs(inputs) }

    /// Shows what is made of every input, a line for each: an empty one for a line of standard input that has blanks only.
    /// - Parameter read: What the input is read as; what it throws names the line.
    func showEach<Input>(as read: (String) throws -> Input, _ predict: (String, Input) throws -> Report) throws {
        let areLines = inputs.isEmpty
        var inputs = allLines()
        while let text = try inputs.next() {
            let report =
                areLines && text.allSatisfy(\.isWhitespace)
                ? Report(lines: [""], fields: ["input": text, "isEmpty": true])
                : try predict(text, inputs.located { try read(text) })
            try report.show(asJSON: json)
        }
    }

    /// Shows what is made of every input.
    func showEach(_ predict: (String) throws -> Report) throws {
        try showEach(as: { _ in }) { text, _ in try predict(text) }
    }

    /// Shows what is made of every picture of the files, from its pixels from 0 to 1.
    func showEachPicture(for model: ImagesPreparation, _ predict: ([Float]) throws -> Report) throws {
        var inputs = PredictionInputs(inputs, passingOver: \.isEmpty)
        while let path = try inputs.next() {
            let pictures = try model.pictures(at: path)
            for (place, pixels) in pictures.enumerated() {
                var report = try predict(pixels.map { Float($0) / 255 })
                report.lines[0] = "\(path)\(pictures.count > 1 ? " \(place)" : ""): " + report.lines[0]
                (report.fields["file"], report.fields["picture"]) = (path, place)
                try report.show(asJSON: json)
            }
        }
    }
}
