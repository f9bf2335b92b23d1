/// A printed result of the course notes that this library gives again: a row of `rnn reproduce`.
public struct ReproductionRow: Sendable {
    /// The name on the command line.
    public let name: String
    /// Where the notes print it.
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

    /// Computes the result and sets it beside what the notes print.
    ///
    /// - Parameter data: The notes' stock prices, oldest first. A row that needs it is skipped without.
    public func evidence(data: Series? = nil) throws -> ReproductionEvidence { try compute(data) }

    /// All rows, in the order of the command's table.
    public static let all: [ReproductionRow] =
        twoStepTables + [sequenceLoss, lengths, stockWindow, hihello, ifYouWant, longSentence]
}
