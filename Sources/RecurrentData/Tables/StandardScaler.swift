/// Brings columns to a mean of 0 and a standard deviation of 1 where the scaler was fitted: (x - mean) / deviation.
public struct StandardScaler: ColumnScaler {
    /// The mean of every column.
    public let means: [Double]
    /// The standard deviation of every column: the root of the mean square of the distances from the mean.
    public let deviations: [Double]

    /// The means.
    public var offsets: [Double] { means }
    /// The standard deviations.
    public var divisors: [Double] { deviations }

    /// Fits the scaler to some rows of a series: those for training, so that it knows nothing of the others.
    ///
    /// - Throws: `RecurrentError` where there are no rows or a deviation is not finite.
    public init(fitting series: TimeSeries, rows: Range<Int>) throws {
        let fitted = try fittedRows(series, rows)
        var means: [Double] = []
        var deviations: [Double] = []
        for column in fitted.columns {
            // A constant's mean may differ from it in the last bit, which would then be taken for the deviation.
            let isConstant = column.allSatisfy { $0 == column[0] }
            let mean = isConstant ? column[0] : column.reduce(0, +) / Double(column.count)
            let squares = column.reduce(0) { sum, value in sum + (value - mean) * (value - mean) }
            means.append(mean)
            deviations.append((squares / Double(column.count)).squareRoot())
        }
        self.means = means
        self.deviations = deviations
        try checkScaler(self)
    }

    /// Reads `{"deviations": [...], "means": [...]}`.
    ///
    /// - Throws: `RecurrentError` where the numbers are those of no scaler.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        means = try container.decode([Double].self, forKey: .means)
        deviations = try container.decode([Double].self, forKey: .deviations)
        try checkScaler(self)
    }
}
