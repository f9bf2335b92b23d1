/// A printed result of the course notes that this library gives again: a row of `rnn reproduce`.
public struct ReproductionRow: Sendable {
    /// The name on the command line.
    public let name: String
    /// Where the notes print it.
    public let source: String
    /// What it is computed from that is not part of this project; nil for nothing.
    public let data: ReproductionData?
    private let compute: @Sendable (String?) throws -> ReproductionEvidence

    init(
        _ name: String, source: String, data: ReproductionData? = nil,
        _ compute: @escaping @Sendable (String?) throws -> ReproductionEvidence
    ) {
        self.name = name
        self.source = source
        self.data = data
        self.compute = compute
    }

    /// Computes the result and sets it beside what is expected.
    ///
    /// - Parameter paths: Where data files lie. A row whose file is not among them is skipped.
    /// - Throws: `RecurrentError` where a file cannot be read, or is not the one that is meant.
    public func evidence(paths: [ReproductionData: String] = [:]) throws -> ReproductionEvidence {
        guard let data else { return try compute(nil) }
        guard let path = paths[data] else { return .skipped(reason: "needs \(data.option) with \(data.title)") }
        return try compute(path)
    }

    /// All rows, in the order of the command's table.
    public static let all: [ReproductionRow] =
        twoStepTables + [
            sequenceLoss, lengths, stockWindow, hihello, ifYouWant, longSentence, seriesSignal, airline, stockForecast,
        ]
}

/// A data file that rows are computed from and that is not part of this project.
public enum ReproductionData: Sendable, CaseIterable {
    /// The notes' stock prices.
    case stockPrices
    /// The passengers of international airlines by month, 1949 to 1960 (Box and Jenkins, series G).
    case airlinePassengers

    /// The option of the command that names the file.
    public var option: String {
        switch self {
        case .stockPrices: "--data"
        case .airlinePassengers: "--passengers"
        }
    }

    /// What the file is.
    public var title: String {
        switch self {
        case .stockPrices: "the notes' data-02-stock_daily.csv"
        case .airlinePassengers: "international-airline-passengers.csv"
        }
    }
}
