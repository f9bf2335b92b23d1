import ArgumentParser
import Foundation
import Recurrent

/// `rnn reproduce`: the printed results of the course notes, computed again.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Compute the printed results of the course notes again.",
        discussion: """
            Of a row of numbers, the one that differs most from what was printed is shown. Rows that train networks do \
            so from several seeds, and show what each spells or the median of their errors.

            Rows: \(ReproductionRow.all.map(\.name).joined(separator: ", ")).
            """)

    @Argument(help: "The rows to compute; all where none is named.")
    var rows: [String] = []

    @Option(help: "The notes' stock prices, data-02-stock_daily.csv; the rows of stock are skipped without.")
    var data: String?

    @Option(help: "The airlines' passengers, international-airline-passengers.csv; the row airline is skipped without.")
    var passengers: String?

    @Flag(help: "Print a line of JSON for each row, with all its numbers and texts.")
    var json = false

    @OptionGroup var machine: MachineOptions

    private var chosen: [ReproductionRow] {
        rows.isEmpty
            ? ReproductionRow.all : rows.compactMap { name in ReproductionRow.all.first { $0.name == name } }
    }

    private var paths: [ReproductionData: String] {
        var paths: [ReproductionData: String] = [:]
        paths[.stockPrices] = data
        paths[.airlinePassengers] = passengers
        return paths
    }

    func validate() throws {
        let known = ReproductionRow.all.map(\.name)
        for name in rows where !known.contains(name) {
            throw ValidationError("There is no row '\(name)'; there are \(known.joined(separator: ", ")).")
        }
        for data in paths.keys where !chosen.contains(where: { $0.data == data }) {
            let users = ReproductionRow.all.filter { $0.data == data }.map(\.name)
            throw ValidationError("\(data.option) is read by \(users.joined(separator: ", ")) only.")
        }
    }

    func run() throws {
        machine.apply()
        if !json { try Console.result(line("row", "expected", "got", "difference", "result")) }
        var counts: [ReproductionEvidence.Verdict: Int] = [:]
        for row in chosen {
            let evidence = try row.evidence(paths: paths)
            counts[evidence.verdict, default: 0] += 1
            if json { try writeJSON(row, evidence) } else { try writeTable(row, evidence) }
        }
        let summary = [ReproductionEvidence.Verdict.pass, .fail, .skipped]
            .compactMap { verdict in counts[verdict].map { "\($0) \(verdict.rawValue)" } }
        Console.note("\(chosen.count) rows: " + summary.joined(separator: ", "))
        if counts[.fail] != nil { throw ExitCode(1) }
    }

    private func line(_ name: String, _ expected: String, _ got: String, _ difference: String, _ result: String)
        -> String
    {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return padded(name, 26) + padded(expected, 14) + padded(got, 14) + padded(difference, 12) + result
    }

    private func writeTable(_ row: ReproductionRow, _ evidence: ReproductionEvidence) throws {
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
        case .errors(let errors):
            try Console.result(line(row.name, "", "", "", result))
            for error in errors {
                let title = "  " + error.title + String(repeating: " ", count: max(1, 48 - error.title.count))
                let bound = error.bound.map { "at most \($0)" } ?? ""
                let padding = String(repeating: " ", count: max(1, 16 - bound.count))
                try Console.result(title + bound + padding + Console.fixed(error.median))
            }
        case .skipped(let reason):
            try Console.result(line(row.name, "", "", "", "\(result): \(reason)"))
        }
    }

    /// How far the worst number lies from being allowed; a NaN lies furthest.
    private func excess(_ comparison: NumberComparison) -> Double {
        let excess = comparison.largestDifference - comparison.tolerance
        return excess.isNaN ? .infinity : excess
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    private func writeJSON(_ row: ReproductionRow, _ evidence: ReproductionEvidence) throws {
        var fields: [String: any Sendable] = [
            "row": row.name, "source": row.source, "result": evidence.verdict.rawValue,
        ]
        // JSON has no NaN: such a number is null.
        func number(_ value: Double) -> any Sendable { value.isFinite ? value : NSNull() }
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
        case .errors(let errors):
            fields["errors"] = errors.map { error -> [String: any Sendable] in
                [
                    "title": error.title, "bound": error.bound.map(number) ?? NSNull(), "got": error.got.map(number),
                    "median": number(error.median),
                ]
            }
        case .skipped(let reason): fields["reason"] = reason
        }
        try Console.json(fields)
    }
}
