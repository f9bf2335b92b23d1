import TestSupport

@testable import Recurrent
@testable import RecurrentData

/// A suite of tests that read texts as tables, called "x.csv".
protocol TableReading {}

extension TableReading {
    func table(_ text: String, _ change: (inout TableFormat) -> Void = { _ in }) throws -> DataTable {
        var format = TableFormat()
        change(&format)
        return try DataTable(text: text, name: "x.csv", format: format)
    }

    /// The columns of a table that a series has where none are chosen.
    func series(_ table: DataTable, _ order: RowOrder = .oldestFirst) throws -> TimeSeries {
        let read = SeriesTable(table, order: order, missing: .refuse)
        return try read.series(of: read.columns(features: nil, target: nil).names)
    }

    /// Why a text is no series.
    func refusal(_ text: String, _ change: (inout TableFormat) -> Void = { _ in }) -> String {
        message { _ = try series(table(text, change)) }
    }
}
