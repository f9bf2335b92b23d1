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
            so from the seeds 0 to 9 and show what each spells.

            Rows: \(ReproductionRow.all.map(\.name).joined(separator: ", ")).
            """)

    @Argument(help: "The rows to compute; all where none is named.")
    var rows: [String] = []

    @Option(help: "The notes' stock prices, data-02-stock_daily.csv; the row stock-window is skipped without.")
    var data: String?

    @Flag(help: "Print a line of JSON for each row, with all its numbers and texts.")
    var json = false

    @OptionGroup var machine: MachineOptions

    private var chosen: [ReproductionRow] {
        rows.isEmpty
            ? ReproductionRow.all : rows.compactMap { name in ReproductionRow.all.first { $0.name == name } }
    }

    func validate() throws {
        let known = ReproductionRow.all.map(\.name)
        for name in rows where !known.contains(name) {
            throw ValidationError("There is no row '\(name)'; there are \(known.joined(separator: ", ")).")
        }
        if data != nil, !chosen.contains(where: \.usesData) {
            let users = ReproductionRow.all.filter(\.usesData).map(\.name)
            throw ValidationError("--data is read by the row \(users.joined(separator: ", ")) only.")
        }
    }

    func run() throws {
        machine.apply()
        let prices = try data.map { try DataTable(path: $0).series(order: .newestFirst) }
        if !json { try Console.result(line("row", "expected", "got", "difference", "result")) }
        var counts: [ReproductionEvidence.Verdict: Int] = [:]
        for row in chosen {
            let evidence = try row.evidence(data: prices)
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
        case .skipped(let reason): fields["reason"] = reason
        }
        try Console.json(fields)
    }
}
