/// A fitted scaler of one kind or another, or none.
public enum SeriesScaler: Codable, Sendable, Equatable {
    /// Numbers stay as they are.
    case none
    /// To the range from 0 to 1.
    case minMax(scaler: MinMaxScaler)
    /// To a mean of 0 and a standard deviation of 1.
    case standard(scaler: StandardScaler)

    /// How columns are brought to a like size.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// They stay as they are.
        case none
        /// `MinMaxScaler`.
        case minMax = "min-max"
        /// `StandardScaler`.
        case standard
    }

    /// Fits a scaler of a kind to some rows of a series.
    ///
    /// - Throws: `RecurrentError` where there are no rows, or a number is not finite.
    package init(_ kind: Kind, fitting series: TimeSeries, rows: Range<Int>) throws {
        switch kind {
        case .none: self = .none
        case .minMax: self = .minMax(scaler: try MinMaxScaler(fitting: series, rows: rows))
        case .standard: self = .standard(scaler: try StandardScaler(fitting: series, rows: rows))
        }
    }

    private var fitted: (any ColumnScaler)? {
        switch self {
        case .none: nil
        case .minMax(let scaler): scaler
        case .standard(let scaler): scaler
        }
    }

    /// How it is chosen by name.
    package var kind: Kind {
        switch self {
        case .none: .none
        case .minMax: .minMax
        case .standard: .standard
        }
    }

    /// The number of columns it was fitted to; nil where it fits any.
    package var width: Int? { fitted?.divisors.count }

    /// Scales a series.
    package func transform(_ series: TimeSeries) -> TimeSeries { fitted?.transform(series) ?? series }

    /// Brings scaled numbers of one column back to its own size.
    package func inverse(_ values: [Double], column: Int) -> [Double] {
        fitted?.inverse(values, column: column) ?? values
    }
}
