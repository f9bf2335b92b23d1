import Recurrent

/// A result of the course notes or of a paper that this library gives again: a row of `rnn reproduce`.
package struct ReproductionRow: Sendable {
    /// The name on the command line.
    package let name: String
    /// Where it is printed.
    package let source: String
    /// What it is computed from that is not part of this project; nil for nothing.
    package let data: ReproductionData?
    private let compute: @Sendable (String?, (String) -> Void) throws -> ReproductionEvidence

    init(
        _ name: String, source: String, data: ReproductionData? = nil,
        _ compute: @escaping @Sendable (String?, (String) -> Void) throws -> ReproductionEvidence
    ) {
        self.name = name
        self.source = source
        self.data = data
        self.compute = compute
    }

    /// Computes the result and sets it beside what is expected.
    ///
    /// - Parameters:
    ///   - paths: Where data lie. A row whose data are not among them is skipped.
    ///   - progress: Told now and then how far a long computation is.
    /// - Throws: `RecurrentError` where a file cannot be read, or is not the one that is meant.
    package func evidence(
        paths: [ReproductionData: String] = [:], progress: (String) -> Void = { _ in }
    ) throws -> ReproductionEvidence {
        guard let data else { return try compute(nil, progress) }
        guard let path = paths[data] else { return .skipped(reason: "needs `\(data)` with \(data.title)") }
        return try compute(path, progress)
    }

    /// What the notes print, and takes seconds; in the order of the command's table.
    package static let notes: [ReproductionRow] =
        twoStepTables + [sequenceLoss, lengths, stockWindow, babiStories, hihello, ifYouWant, longSentence]

    /// Networks that are trained at length, on the notes' data and on problems of papers.
    package static let trainings: [ReproductionRow] = [
        digits, seriesSignal, airline, stockForecast, adding, gradientNorms, babiAnswers,
    ]

    /// All rows.
    package static let all: [ReproductionRow] = notes + trainings
}
