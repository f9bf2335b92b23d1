import ArgumentParser
import RecurrentStudies

/// `rnn reproduce`: results that the course notes and papers print, computed again.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Computes printed results of the course notes, and of papers, again.",
        discussion: """
            Of a row of numbers, the one that differs most from what was printed is shown. Rows that train networks do \
            so from several seeds, and show what each spells or the median of their errors.

            Rows of the notes: \(names(ReproductionRow.notes)).

            Rows that train at length, a few of them for minutes: \(names(ReproductionRow.trainings)).
            """)

    private static func names(_ rows: some Sequence<ReproductionRow>) -> String {
        rows.map(\.name).joined(separator: ", ")
    }

    @Argument(help: "The rows to compute; all of the notes' where none is named.")
    var rows: [String] = []

    @Option(help: "The notes' stock prices, data-02-stock_daily.csv; the rows of stock are skipped without.")
    var data: String?

    @Option(help: "The airlines' passengers, international-airline-passengers.csv; the row airline is skipped without.")
    var passengers: String?

    @Option(help: "A directory with MNIST's four files; the row mnist is skipped without.")
    var mnist: String?

    @Option(help: "A directory with the files of the bAbI tasks 1 to 3; the rows of bAbI are skipped without.")
    var babi: String?

    @Option(help: "The directory that pictures are written into.")
    var pictures = "pictures"

    @Flag(help: "Print a line of JSON for each row, with all its numbers and texts.")
    var json = false

    @OptionGroup var machine: MachineOptions

    private var chosen: [ReproductionRow] {
        rows.isEmpty
            ? ReproductionRow.notes : rows.compactMap { name in ReproductionRow.all.first { $0.name == name } }
    }

    private var paths: [ReproductionData: String] {
        var paths: [ReproductionData: String] = [:]
        paths[.stockPrices] = data
        paths[.airlinePassengers] = passengers
        paths[.digits] = mnist
        paths[.babi] = babi
        return paths
    }

    func validate() throws {
        let known = ReproductionRow.all.map(\.name)
        for name in rows where !known.contains(name) {
            throw ValidationError("There is no row '\(name)'; there are \(known.joined(separator: ", ")).")
        }
        for data in paths.keys where !chosen.contains(where: { $0.data == data }) {
            let users = ReproductionRow.all.filter { $0.data == data }.map(\.name)
            throw ValidationError(
                OptionNames.worded("`\(data)`") + " is read by \(users.joined(separator: ", ")) only.")
        }
    }

    func run() throws {
        try machine.apply()
        if !json { try Console.result(line("row", "expected", "got", "difference", "result")) }
        var lastTold = ContinuousClock.now
        var counts: [ReproductionEvidence.Verdict: Int] = [:]
        for row in chosen {
            let evidence = try row.evidence(paths: paths) { text in
                guard .now - lastTold >= .seconds(10) else { return }
                Console.note("\(row.name): \(text)")
                lastTold = .now
            }
            counts[evidence.verdict, default: 0] += 1
            if json { try writeJSON(row, evidence) } else { try writeTable(row, evidence) }
            if case .measurements(_, _, let picture?) = evidence {
                Console.note("Picture: \(try picture.write(as: row.name, into: pictures))")
            }
        }
        let summary = [ReproductionEvidence.Verdict.pass, .fail, .shown, .skipped]
            .compactMap { verdict in counts[verdict].map { "\($0) \(verdict.rawValue)" } }
        Console.note("\(chosen.count) rows: " + summary.joined(separator: ", "))
        if counts[.fail] != nil { throw ExitCode(1) }
    }
}
