import ArgumentParser
import Foundation
import Recurrent
import RecurrentData

/// `rnn data inspect FILE`.
struct InspectDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows how a table is read: what is found out, its columns and its time.",
        discussion: """
            What rnn train series would do with the file stands at the end. Where something is found out wrongly, the \
            options say how it is; rnn train series has the same.
            """)

    @Argument(help: "A table of numbers.")
    var path: String

    @OptionGroup var options: TableOptions

    @Flag(help: "Print a JSON line only.")
    var json = false

    func run() throws {
        var format = TableFormat()
        options.apply(to: &format)
        let table = try DataTable(path: path, format: format)
        let time = table.timeFindings
        if json {
            let columns = table.columns.map { column -> [String: any Sendable] in
                var fields: [String: any Sendable] = [
                    "kind": Self.word(column), "missing": column.missingCount, "first": column.firstCells,
                ]
                if let name = column.name { fields["name"] = name }
                if let range = column.range { (fields["least"], fields["most"]) = (range.lowerBound, range.upperBound) }
                return fields
            }
            return try Console.json([
                "file": path, "rows": table.rowCount, "delimiter": "\(table.delimiter)", "columns": columns,
                "decimalMark": table.decimalMark.rawValue, "findings": table.findings.map(OptionNames.worded),
                "time": time,
            ])
        }
        try Console.result(
            "\(path): \(Console.grouped(table.rowCount)) rows of \(table.columns.count) columns, a \(table.delimiter) between "
                + "cells, a \(table.decimalMark) before decimals")
        for line in table.findings + time { try Console.result("  " + Console.harmless(OptionNames.worded(line))) }
        try Console.result(Self.table(of: table))
        do {
            let series = SeriesTable(table, order: .oldestFirst, missing: .refuse)
            let names = try series.columns(features: nil, target: nil).names
            _ = try series.series(of: names)
            try Console.result(
                "rnn train series --data \(path): reads \(names.map(Console.shown).joined(separator: ", ")); forecasts \(Console.shown(names.last ?? ""))"
            )
        } catch let error as RecurrentError {
            try Console.result(
                "rnn train series --data \(path) refuses it: "
                    + Console.harmless(OptionNames.worded(error.description)))
        }
    }

    private static func short(_ number: Double) -> String { String(format: "%g", number) }

    private static func word(_ column: DataColumn) -> String { column.isEmpty ? "empty" : "\(column.kind)" }

    /// A line for each column: number, name, kind, range, missing cells and the first cells.
    private static func table(of table: DataTable) -> String {
        let rows = table.columns.enumerated().map { index, column in
            [
                String(index + 1), Console.shown(column.name ?? ""), word(column),
                column.range.map { "\(short($0.lowerBound)) to \(short($0.upperBound))" } ?? "",
                column.missingCount > 0 ? "\(column.missingCount) missing" : "",
                column.firstCells.map(Console.shown).joined(separator: ", "),
            ]
        }
        let widths = (0..<5).map { place in rows.map { $0[place].count }.max() ?? 0 }
        return rows.map { row in
            "  "
                + zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }.joined() + row[5]
        }.joined(separator: "\n")
    }
}
