import Foundation
import RecurrentStudies

extension ReproduceCommand {
    /// A line of the table.
    func line(_ name: String, _ expected: String, _ got: String, _ difference: String, _ result: String) -> String {
        padded(name, 26) + padded(expected, 14) + padded(got, 14) + padded(difference, 12) + result
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// A row of the table.
    func writeTable(_ row: ReproductionRow, _ evidence: ReproductionEvidence) throws {
        let result = evidence.verdict.rawValue
        switch evidence {
        case .numbers(let comparisons):
            guard let worst = comparisons.max(by: { excess($0) < excess($1) }), let place = worst.worstPlace else {
                try Console.result(line(row.name, "", "", "", "\(result) (no numbers)"))
                return
            }
            let count = comparisons.reduce(0) { $0 + $1.expected.count }
            try Console.result(
                line(
                    row.name, String(format: "%.8f", worst.expected[place]), String(format: "%.8f", worst.got[place]),
                    String(format: "%.1e", worst.largestDifference), "\(result) (\(count) numbers)"))
        case .texts(let expected, let got, let needed):
            let right = got.count(where: \.isExpected)
            try Console.result(line(row.name, "\(needed) of \(got.count)", "\(right) of \(got.count)", "", result))
            try Console.result("  expected  \(quoted(expected))")
            for spelled in got {
                try Console.result(
                    "  seed \(spelled.seed)    \(quoted(spelled.text))\(spelled.isExpected ? "" : "  no")")
            }
        case .measurements(let quantity, let all, _):
            let bounded = all.filter { $0.expected != nil }
            let within = bounded.count(where: \.isWithinBounds)
            try Console.result(
                line(row.name, "\(bounded.count) of \(bounded.count)", "\(within) of \(bounded.count)", "", result))
            try writeTable(of: quantity, all)
        case .skipped(let reason):
            try Console.result(line(row.name, "", "", "", "\(result): \(OptionNames.worded(reason))"))
        }
    }

    /// A table of its own under a row: every measurement, and what stands beside it.
    private func writeTable(of quantity: String, _ measurements: [BoundedMeasurement]) throws {
        func number(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? "-" }
        let heads = [""] + (measurements.first?.details.map(\.name) ?? []) + [quantity, "expected"]
        let lines =
            [heads]
            + measurements.map { measurement in
                [measurement.title] + measurement.details.map { number($0.value) }
                    + [
                        number(measurement.median),
                        (measurement.expected.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? "-")
                            + (measurement.isWithinBounds ? "" : "  no"),
                    ]
            }
        let widths = heads.indices.map { column in 2 + (lines.map { $0[column].count }.max() ?? 0) }
        for line in lines {
            let cells = zip(line.dropLast(), widths).map { padded($0, $1) }
            try Console.result("  " + cells.joined() + (line.last ?? ""))
        }
    }

    /// How far the worst number lies from being allowed; a NaN lies furthest.
    private func excess(_ comparison: NumberComparison) -> Double {
        let excess = comparison.largestDifference - comparison.tolerance
        return excess.isNaN ? .infinity : excess
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    /// A row as a line of JSON.
    func writeJSON(_ row: ReproductionRow, _ evidence: ReproductionEvidence) throws {
        var fields: [String: any Sendable] = [
            "row": row.name, "source": row.source, "result": evidence.verdict.rawValue,
        ]
        // JSON has no NaN: such a number is null.
        func number(_ value: Double?) -> any Sendable {
            if let value, value.isFinite { value } else { NSNull() }
        }
        switch evidence {
        case .numbers(let comparisons):
            fields["comparisons"] = comparisons.map { comparison -> [String: any Sendable] in
                [
                    "title": comparison.title, "expected": comparison.expected.map(number),
                    "got": comparison.got.map(number), "largest_difference": number(comparison.largestDifference),
                    "tolerance": comparison.tolerance,
                ]
            }
        case .texts(let expected, let got, let needed):
            fields["expected"] = expected
            fields["needed"] = needed
            fields["right"] = got.count(where: \.isExpected)
            fields["got"] = got.map { spelled -> [String: any Sendable] in
                ["seed": spelled.seed, "text": spelled.text, "right": spelled.isExpected]
            }
        case .measurements(let quantity, let all, _):
            fields["quantity"] = quantity
            fields["measurements"] = all.map { measurement -> [String: any Sendable] in
                let details = measurement.details.map { ($0.name, number($0.value)) }
                let bounds = measurement.expected.map { [$0.lowerBound, $0.upperBound] }
                return [
                    "title": measurement.title, "expected": bounds ?? NSNull(), "got": measurement.got.map(number),
                    "median": number(measurement.median),
                    "details": Dictionary(details, uniquingKeysWith: { first, _ in first }),
                ]
            }
        case .skipped(let reason): fields["reason"] = OptionNames.worded(reason)
        }
        try Console.json(fields)
    }
}
