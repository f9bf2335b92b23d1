import Recurrent

/// Columns of numbers over time, the oldest row first.
public struct TimeSeries: Equatable, Sendable {
    /// What the columns are called.
    public let names: [String]
    /// The numbers, all finite: [columns][rows], each column as long as the others.
    public let columns: [[Double]]
    /// What the rows are called, such as their dates, where this is known.
    public let labels: [String]?
    /// When the rows were, in seconds since 1970, where their labels are dates; NaN where one is missing.
    package let instants: [Double]?

    /// The number of rows.
    public var count: Int { columns.first?.count ?? 0 }

    /// Makes a series of columns, which must be of equal length and have a name each.
    public init(names: [String], columns: [[Double]], labels: [String]? = nil) {
        self.init(names: names, columns: columns, labels: labels, instants: nil)
    }

    init(names: [String], columns: [[Double]], labels: [String]?, instants: [Double]?) {
        require(names.count == columns.count, "\(names.count) names for \(columns.count) columns")
        let count = columns.first?.count ?? 0
        for column in columns { require(column.count == count, "columns of \(count) and \(column.count) rows") }
        if let labels { require(labels.count == count, "\(labels.count) labels for \(count) rows") }
        self.names = names
        self.columns = columns
        self.labels = labels
        self.instants = instants
    }

    /// Some of the rows.
    public subscript(rows: Range<Int>) -> TimeSeries {
        require(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of a series of \(count)")
        return TimeSeries(
            names: names, columns: columns.map { Array($0[rows]) }, labels: labels.map { Array($0[rows]) },
            instants: instants.map { Array($0[rows]) })
    }

    /// The same rows with other numbers.
    func with(_ columns: [[Double]]) -> TimeSeries {
        TimeSeries(names: names, columns: columns, labels: labels, instants: instants)
    }

    /// Whether names, numbers and labels are the same; when the rows were follows from their labels.
    public static func == (first: TimeSeries, second: TimeSeries) -> Bool {
        first.names == second.names && first.columns == second.columns && first.labels == second.labels
    }
}
