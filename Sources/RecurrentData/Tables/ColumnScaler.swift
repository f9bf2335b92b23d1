import Recurrent

/// Brings every column of a series to a like size, and back: x becomes (x - offset) / divisor.
///
/// A column that is constant where the scaler was fitted, with a divisor of 0, becomes 0 throughout, and its inverse is
/// the constant.
public protocol ColumnScaler: Codable, Equatable, Sendable {
    /// What is taken from the numbers of every column.
    var offsets: [Double] { get }
    /// What the numbers of every column are then divided by, unless it is 0.
    var divisors: [Double] { get }
}

extension ColumnScaler {
    /// Scales a series of as many columns as the scaler was fitted to.
    public func transform(_ series: TimeSeries) -> TimeSeries {
        require(
            series.columns.count == offsets.count, "\(series.columns.count) columns for a scaler of \(offsets.count)")
        return series.with(
            series.columns.indices.map { column in
                let (offset, divisor) = (offsets[column], divisors[column])
                return series.columns[column].map { divisor == 0 ? 0 : ($0 - offset) / divisor }
            })
    }

    /// Brings a scaled series of as many columns back to its own size.
    public func inverse(_ series: TimeSeries) -> TimeSeries {
        series.with(series.columns.indices.map { inverse(series.columns[$0], column: $0) })
    }

    /// Brings scaled numbers of one column, such as predictions, back to its own size.
    ///
    /// - Parameters:
    ///   - values: Scaled numbers.
    ///   - column: The place of the column in the series the scaler was fitted to.
    public func inverse(_ values: [Double], column: Int) -> [Double] {
        require(column >= 0 && column < offsets.count, "column \(column) of a scaler of \(offsets.count)")
        let (offset, divisor) = (offsets[column], divisors[column])
        return values.map { $0 * divisor + offset }
    }
}

/// The rows a scaler is fitted to.
///
/// - Throws: `RecurrentError` where there are none.
func fittedRows(_ series: TimeSeries, _ rows: Range<Int>) throws -> TimeSeries {
    guard !rows.isEmpty, !series.columns.isEmpty else {
        throw RecurrentError("there is nothing to fit a scaler to; expected at least one row of the series")
    }
    return series[rows]
}

/// Checks the numbers of a scaler.
///
/// - Throws: `RecurrentError` where the lists differ in length, a number is not finite, or a divisor is negative.
func checkScaler(_ scaler: some ColumnScaler) throws {
    guard scaler.offsets.count == scaler.divisors.count, !scaler.offsets.isEmpty else {
        throw RecurrentError(
            "a scaler has \(scaler.offsets.count) offsets and \(scaler.divisors.count) divisors; expected one each for "
                + "every column")
    }
    for (column, pair) in zip(scaler.offsets, scaler.divisors).enumerated() {
        guard pair.0.isFinite, pair.1.isFinite, pair.1 >= 0 else {
            throw RecurrentError(
                "column \(column + 1) cannot be scaled: its offset is \(pair.0) and its divisor \(pair.1); expected "
                    + "finite numbers and a divisor of 0 or more")
        }
    }
}
