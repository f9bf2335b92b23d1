import ArgumentParser
import Recurrent
import RecurrentTraining

/// How a model that writes one sequence for another searches for it.
struct SearchOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help:
            "Follow this many beginnings of a translation side by side, at most 1000 (default: the most likely word after word)."
    )
    var beam: Int?

    @Option(
        parsing: .unconditional,
        help: "With --beam: 0 compares translations by probability alone, more favours longer ones (default: 0.6).")
    var lengthPenalty: Double?

    func validate() throws {
        guard lengthPenalty == nil || beam != nil else {
            throw ValidationError("--length-penalty is given without --beam, which it belongs to")
        }
        do { _ = try search(maximumLength: 1) } catch let error as RecurrentError {
            throw ValidationError(OptionNames.worded(error.description))
        }
    }

    /// Whether any of the options is given.
    var isGiven: Bool { beam != nil }

    /// The search that is asked for; nil for the most likely word after word.
    func search(maximumLength: Int) throws -> BeamSearch? {
        try beam.map { try BeamSearch(width: $0, maximumLength: maximumLength, lengthPenalty: lengthPenalty ?? 0.6) }
    }
}

extension ShownTask {
    /// Says where a run of this task does not search for what it writes, but is to.
    static func check(_ search: SearchOptions, _ path: String) throws {
        guard canSearch || !search.isGiven else {
            throw RecurrentError("\(path): a run of the task \"\(name)\" searches for nothing, and takes no --beam")
        }
    }
}
