/// A result of the course notes or of a paper that this library gives again: a row of `rnn reproduce`.
public struct ReproductionRow: Sendable {
    /// The name on the command line.
    public let name: String
    /// Where it is printed.
    public let source: String
    /// Whether it is computed from the notes' data, which are not part of this project.
    public let usesData: Bool
    private let compute: @Sendable (Series?) throws -> ReproductionEvidence

    init(
        _ name: String, source: String, usesData: Bool = false,
        _ compute: @escaping @Sendable (Series?) throws -> ReproductionEvidence
    ) {
        self.name = name
        self.source = source
        self.usesData = usesData
        self.compute = compute
    }

    /// Computes the result and sets it beside what is printed.
    ///
    /// - Parameter data: The notes' stock prices, oldest first. A row that needs it is skipped without.
    public func evidence(data: Series? = nil) throws -> ReproductionEvidence { try compute(data) }

    /// What the notes print, in the order of the command's table.
    public static let notes: [ReproductionRow] =
        twoStepTables + [sequenceLoss, lengths, stockWindow, hihello, ifYouWant, longSentence]

    /// All rows: the notes', and what papers report.
    public static let all: [ReproductionRow] = notes + [adding, gradientNorms]
}
