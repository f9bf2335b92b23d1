import Foundation
import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTasks

extension DataInspection {
    /// A table: how it is read, its columns and its time.
    init(table path: String, _ format: TableFormat, options: String) throws {
        let table = try DataTable(path: path, format: format)
        let series = SeriesTable(table, order: .oldestFirst, missing: .refuse)
        let names = try? series.columns(features: nil, target: nil).names
        let time = table.timeFindings
        var configuration = SeriesConfiguration()
        configuration.data = path
        configuration.format = format
        var lines =
            [
                "\(Console.counted(table.rowCount, "row")) of \(table.columns.count.counted("column")), a \(table.delimiter) between "
                    + "cells, a \(table.decimalMark) before decimals"
            ] + (table.findings + time).map { OptionNames.worded($0) } + Self.columns(of: table)
        if let names, (try? series.series(of: names)) != nil {
            lines.append("of which \(names.joined(separator: ", ")) can be read, and \(names.last ?? "") be forecast")
        }
        let columns = table.columns.map { column -> [String: any Sendable] in
            var fields: [String: any Sendable] = [
                "kind": Self.word(column), "missing": column.missingCount, "first": column.firstCells,
            ]
            if let name = column.name { fields["name"] = name }
            if let range = column.range { (fields["least"], fields["most"]) = (range.lowerBound, range.upperBound) }
            return fields
        }
        var fields: [String: any Sendable] = [
            "rows": table.rowCount, "delimiter": "\(table.delimiter)", "columns": columns,
            "decimalMark": table.decimalMark.rawValue, "findings": table.findings.map { OptionNames.worded($0) },
            "time": time,
        ]
        if let names { fields["features"] = names }
        self.init(
            lines: lines, fields: fields,
            outlooks: [TrainingOutlook(of: SeriesTask.self, configuration, options: options).without(lines)],
            drawing: Self.chart(of: table))
    }

    private static func word(_ column: DataColumn) -> String { column.isEmpty ? "empty" : "\(column.kind)" }

    /// A line for each column: number, name, kind, range, missing cells and the first cells.
    private static func columns(of table: DataTable) -> [String] {
        let rows = table.columns.enumerated().map { index, column in
            [
                String(index + 1), Console.shown(column.name ?? ""), word(column),
                column.range.map { "\(short($0.lowerBound)) to \(short($0.upperBound))" } ?? "",
                column.missingCount > 0 ? "\(column.missingCount) missing" : "",
                column.firstCells.map { Console.shown(String($0.prefix(40))) }.joined(separator: ", "),
            ]
        }
        let widths = (0..<5).map { place in rows.map { $0[place].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }.joined() + row[5]
        }
    }

    private static func short(_ number: Double) -> String { String(format: "%g", number) }

    // Lines that can be told apart.
    private static var drawnColumns: Int { 6 }

    /// The columns of numbers over the rows, each between its least and its largest.
    private static func chart(of table: DataTable) -> LineChart {
        let drawn = table.columns.filter { $0.range != nil }.prefix(drawnColumns)
        return LineChart(
            title: "The columns of numbers", xAxis: "row", yAxis: "from the least to the largest",
            series: drawn.map { column in
                let (least, most) = column.range.map { ($0.lowerBound, $0.upperBound) } ?? (0, 0)
                let width = most > least ? most - least : 1
                return LineChart.Series(
                    "\(column.name ?? column.place) (\(short(least)) to \(short(most)))",
                    x: column.numbers.indices.map { Double($0 + 1) },
                    y: column.numbers.map { ($0 - least) / width })
            })
    }
}
