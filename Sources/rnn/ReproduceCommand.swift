import ArgumentParser
import Recurrent

/// `rnn reproduce`: results that the course notes and papers print, computed again.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Computes printed results of the course notes, and of papers, again.",
        discussion: """
            Of a row of numbers, the one that differs most from what was printed is shown. Rows that train networks do \
            so from the seeds 0 to 9 and show what each spells.

            Rows of the notes: \(names(ReproductionRow.notes)).

            The other rows are of papers, and leave a picture each: \(names(papers)).
            """)

    private static let papers = ReproductionRow.all.suffix(from: ReproductionRow.notes.count)

    private static func names(_ rows: some Sequence<ReproductionRow>) -> String {
        rows.map(\.name).joined(separator: ", ")
    }

    @Argument(help: "The rows to compute; all of the notes' where none is named.")
    var rows: [String] = []

    @Option(help: "The notes' stock prices, data-02-stock_daily.csv; the row stock-window is skipped without.")
    var data: String?

    @Option(help: "The directory that pictures are written into.")
    var pictures = "pictures"

    @Flag(help: "Print a line of JSON for each row, with all its numbers and texts.")
    var json = false

    @OptionGroup var machine: MachineOptions

    private var chosen: [ReproductionRow] {
        rows.isEmpty
            ? ReproductionRow.notes : rows.compactMap { name in ReproductionRow.all.first { $0.name == name } }
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
            if case .measurements(_, _, let picture) = evidence {
                Console.note("Picture: \(try picture.write(as: row.name, into: pictures))")
            }
        }
        let summary = [ReproductionEvidence.Verdict.pass, .fail, .skipped]
            .compactMap { verdict in counts[verdict].map { "\($0) \(verdict.rawValue)" } }
        Console.note("\(chosen.count) rows: " + summary.joined(separator: ", "))
        if counts[.fail] != nil { throw ExitCode(1) }
    }
}
