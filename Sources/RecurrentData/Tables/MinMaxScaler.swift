import Recurrent

/// Brings columns to the range from 0 to 1 where the scaler was fitted: (x - min) / (max - min + epsilon).
public struct MinMaxScaler: ColumnScaler {
    /// The least number of every column.
    public let lowest: [Double]
    /// The greatest number of every column.
    public let highest: [Double]
    /// What is added to every range; 0 unless a course's form with 1e-7 is wanted.
    public let epsilon: Double

    /// The least numbers.
    public var offsets: [Double] { lowest }
    /// The ranges, with epsilon.
    public var divisors: [Double] { zip(lowest, highest).map { $1 - $0 + epsilon } }

    /// Fits the scaler to some rows of a series: those for training, so that it knows nothing of the others.
    ///
    /// - Throws: `RecurrentError` where there are no rows or a range is not finite.
    public init(fitting series: TimeSeries, rows: Range<Int>, epsilon: Double = 0) throws {
        let fitted = try fittedRows(series, rows)
        lowest = fitted.columns.map { $0.min() ?? 0 }
        highest = fitted.columns.map { $0.max() ?? 0 }
        self.epsilon = epsilon
        try checkScaler(self)
    }

    /// Reads `{"epsilon": ..., "highest": [...], "lowest": [...]}`.
    ///
    /// - Throws: `RecurrentError` where the numbers are those of no scaler.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        lowest = try container.decode([Double].self, forKey: .lowest)
        highest = try container.decode([Double].self, forKey: .highest)
        epsilon = try container.decode(Double.self, forKey: .epsilon)
        guard lowest.count == highest.count else {
            throw RecurrentError(
                "a scaler has \(lowest.count) lowest and \(highest.count) highest numbers; expected as many")
        }
        try checkScaler(self)
    }
}
