import Foundation
import Testing

@Suite struct SeriesTests {
    static let tiny = ["--rnn-size", "4", "--window", "4", "--batch-size", "8"]

    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        let rows = (0..<60).map { "2020-\($0 / 28 + 1)-\($0 % 28 + 1),\($0 % 7),\($0)" }
        try workspace.write("# made up\nday,wave,ramp\n" + rows.joined(separator: "\n") + "\n", to: "numbers.csv")
    }

    @discardableResult
    private func train(_ run: String, _ arguments: String...) throws -> Workspace.Result {
        let line = ["train", "series", "--data", "numbers.csv", "--out", run] + Self.tiny + arguments
        let result = try workspace.rnn(line)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    @Test func everyForecastStandsBesideTheNaiveOne() throws {
        let trained = try train("run", "--target", "wave", "--horizon", "2", "--max-epochs", "3")
        #expect(trained.output.contains("RMSE of wave"))
        #expect(trained.output.contains("naive") && trained.output.contains("  2 ahead"))
        let object = try workspace.rnn("evaluate", "run", "--json").object()
        for name in ["training", "validation", "test"] {
            let part = try #require(object[name] as? [String: Any])
            #expect(try #require(part["rmse"] as? Double) > 0)
            #expect((part["naiveRMSEPerStep"] as? [Double])?.count == 2)
        }
        for name in ["loss", "RMSE", "forecast", "beyond"] { #expect(workspace.exists("run/pictures/\(name).svg")) }
        #expect(try workspace.rnn("inspect", "run", "--graph").status == 0)
        let next = try workspace.rnn("predict", "run")
        #expect(next.output.split(separator: "\n").count == 2 && next.error.contains("After 2020-3-4 of"))
        // Another file with the columns in another order: the same forecast from the same last rows.
        let rows = (40..<60).map { "\($0),\($0 % 7)" }.joined(separator: "\n")
        try workspace.write("ramp,wave\n" + rows, to: "later.csv")
        let later = try workspace.rnn("predict", "run", "later.csv", "--json").object()
        #expect((later["forecast"] as? [Double])?.map { "\(Float($0))\n" }.joined() == next.output)
        #expect(try workspace.rnn("evaluate", "run", "--data", "later.csv").output.contains("rows 5 to 20"))
    }

    @Test func sequencesGoOn() throws {
        try train("run", "--features", "wave", "--max-epochs", "2")
        for prompt in ["zeros", "data"] {
            let result = try workspace.rnn("generate", "run", "--prompt", prompt, "--length", "30")
            #expect(result.output.split(separator: "\n").compactMap { Double($0) }.count == 30)
            #expect(workspace.exists("run/pictures/generated-\(prompt).svg"))
        }
        let object = try workspace.rnn("generate", "run", "--json").object()
        #expect((object["values"] as? [Double])?.count == 300 && (object["seed"] as? [Double])?.count == 4)
        let wrong = try workspace.rnn("generate", "run", "--prompt", "hello")
        #expect(wrong.status == 1 && wrong.error.contains("expected zeros, or data"))
        let hot = try workspace.rnn("generate", "run", "--temperature", "2")
        #expect(hot.status == 1 && hot.error.contains("no meaning for a series"))
        try train("two", "--max-epochs", "1")
        let two = try workspace.rnn("generate", "two")
        #expect(two.status == 1 && two.error.contains("reads 2 columns and forecasts one"))
    }

    @Test func theSignalIsLearnedWithoutData() throws {
        let result = try workspace.rnn("train", "series", "--out", "run", "--max-steps", "60", "--rnn-size", "20")
        #expect(result.status == 0 && result.output.contains("between"), "\(result.error)")
        #expect(workspace.exists("run/pictures/forecast.svg"))
    }

    /// Across a pass, which is shuffled anew.
    @Test func resumedRunsEndInTheSameBytesWhateverTheThreads() throws {
        try train("whole", "--max-steps", "20", "--threads", "1")
        try train("parts", "--max-steps", "10", "--threads", "2")
        #expect(try workspace.rnn("resume", "parts", "--max-steps", "20").status == 0)
        #expect(try workspace.checkpoint("whole", 20) == workspace.checkpoint("parts", 20))
    }

    @Test func scalersFittedToTheWholeSeriesAreALeak() throws {
        let leak = try train("leak", "--scaler-fit", "whole", "--max-epochs", "1")
        #expect(leak.output.contains("a leak"))
        let honest = try train("honest", "--max-epochs", "1")
        #expect(!honest.output.contains("a leak") && honest.output.contains("leaves the range of the training part"))
    }

    @Test func weightsAndScalersOfAnotherRun() throws {
        try train("first", "--max-steps", "3", "--horizon", "2")
        let second = try workspace.rnn(
            "train", "series", "--data", "numbers.csv", "--init-from", "first", "--max-steps", "3", "--out", "second")
        #expect(second.status == 0, "\(second.error)")
        #expect(try workspace.read("first/preparation.json") == workspace.read("second/preparation.json"))
    }

    @Test func missingNumbersAreTreatedAsAsked() throws {
        let rows = (0..<40).map { "\($0 % 5),\([10, 11].contains($0) ? "" : "\($0 % 3)")" }.joined(separator: "\n")
        try workspace.write("a,b\n" + rows, to: "numbers.csv")
        let line = ["train", "series", "--data", "numbers.csv", "--max-epochs", "1", "--json"] + Self.tiny
        let refused = try workspace.rnn(line)
        #expect(refused.status == 1)
        #expect(refused.error.contains("numbers.csv, line 12, column 2 (b): the number is missing"))
        #expect(try workspace.rnn(line + ["--out", "dropped", "--missing", "drop"]).status == 0)
        #expect(try workspace.rnn("predict", "dropped", "--json").object()["rows"] as? Int == 38)
        #expect(try workspace.rnn(line + ["--out", "kept", "--missing", "previous"]).status == 0)
        #expect(try workspace.rnn("predict", "kept", "--json").object()["rows"] as? Int == 40)
    }

    @Test(arguments: [
        ("1,2\n3\n", "line 2: the number of cells is 1; the lines before have 2"),
        ("a\n" + String(repeating: "1\n", count: 5) + "nan\n", "line 7, column 1 (a): the number is missing"),
        ("1\n2\nx\n", "line 3, column 1: \"x\" is not a number"),
        ("a,b\n", "a header and no rows"),
        ("", "the file holds no rows"),
        ("a\n1\n2\n3\n", "has 3 rows"),
        (String(repeating: "7\n", count: 40), "column 1 is 7.0 in all"),
        ("day,a\n2020-02-01,1\n2020-01-01,2\n", "2020-01-01 comes after 2020-02-01"),
        ("day\n2020-01-01\n2020-02-01\n", "no column holds numbers"),
        ("a,note\n1,good\n2,3\n", "column 2 (note): \"good\" is not a number"),
    ])
    func badTablesAreRefused(text: String, message: String) throws {
        try workspace.write(text, to: "bad.csv")
        let result = try workspace.rnn(["train", "series", "--data", "bad.csv"] + Self.tiny)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.error.hasPrefix("Error: ") && result.error.contains(message), "\(result.error)")
    }

    /// A constant column that is only read becomes 0 and does no harm.
    @Test func constantFeaturesAreRead() throws {
        try workspace.write((0..<40).map { "5,\($0 % 6)" }.joined(separator: "\n"), to: "numbers.csv")
        let result = try train("run", "--max-epochs", "1")
        #expect(!result.output.contains("nan"))
    }

    @Test(arguments: [
        ("--recipe stock", "--recipe stock needs --data"), ("--window 0", "--window is 0"),
        ("--data numbers.csv --horizon 0", "--horizon is 0"), ("--train-fraction 2", "--train-fraction is 2.0"),
        ("--data x --recipe airline --init-from y", "give one of them"), ("--scaler log", "--scaler"),
    ])
    func wrongUsage(line: String, message: String) throws {
        let result = try workspace.rnn(["train", "series"] + line.split(separator: " ").map(String.init))
        #expect(result.error.contains(message), "\(result.error)")
        #expect(result.status == 2 || result.status == 64, "\(result.status)")
    }

    @Test func unknownColumnsAndOtherTablesAreRefused() throws {
        let unknown = try workspace.rnn(["train", "series", "--data", "numbers.csv", "--target", "close"] + Self.tiny)
        #expect(unknown.status == 1 && unknown.error.contains("there is no column \"close\""))
        try train("run", "--max-epochs", "1")
        try workspace.write("day,wave\n2020-01-01,1\n", to: "other.csv")
        let other = try workspace.rnn("predict", "run", "other.csv")
        #expect(other.status == 1 && other.error.contains("other.csv: there is no column \"ramp\""))
        try workspace.write("wave,ramp\n1,2\n", to: "short.csv")
        let short = try workspace.rnn("predict", "run", "short.csv")
        #expect(short.status == 1 && short.error.contains("short.csv: a series of 1 rows is shorter"))
    }

    @Test func whatATableIsCanBeSaid() throws {
        let rows = (0..<60).flatMap { day in
            ["Nice", "Lyon"].map { "\(day % 28 + 1)/\(day / 28 + 1)/2020,\($0),\(day)" }
        }
        let text = "day,St\u{E4}dt\u{E9},x\n" + rows.joined(separator: "\n") + "\n"
        try workspace.write(Data(text.unicodeScalars.map { UInt8($0.value) }), to: "shops.csv")
        let line = ["train", "series", "--data", "shops.csv", "--max-epochs", "1"] + Self.tiny
        let unknown = try workspace.rnn(line + ["--out", "no"])
        #expect(unknown.status == 1 && unknown.error.contains("say what it is with --encoding, such as windows-1252"))
        let several = try workspace.rnn(line + ["--encoding", "windows-1252", "--out", "no"])
        #expect(several.error.contains("--where chooses the rows of one"))
        let shop = try workspace.rnn(
            line + ["--encoding", "windows-1252", "--where", "St\u{E4}dt\u{E9}=Lyon", "--out", "shop"])
        #expect(shop.status == 0 && shop.error.contains("60 of 120 rows have St\u{E4}dt\u{E9} Lyon"))
        #expect(try workspace.rnn("evaluate", "shop").status == 0)
        let wrong = try workspace.rnn(
            line + ["--encoding", "windows-1252", "--where", "x=1", "--date-format", "yyyy-MM-dd", "--out", "no"])
        #expect(wrong.status == 1)
        let pattern = try workspace.rnn([
            "data", "inspect", "shops.csv", "--encoding", "windows-1252", "--date-format", "YY",
        ])
        #expect(pattern.error.contains("--date-format is YY"))
        #expect(try workspace.rnn(line + ["--where", "x", "--out", "no"]).status == 2)
    }

    @Test func tablesAreInspected() throws {
        let rows = (0..<40).map { "\(1 + $0 / 28 % 12).\(1 + $0 % 28).2017;\($0 % 5),5;\($0 % 9 == 8 ? -999 : $0)" }
        let days = rows.map { row in
            let parts = row.split(separator: ";")
            let day = parts[0].split(separator: ".")
            return "\(day[1]).\(day[0]).2017;\(parts[1]);\(parts[2])"
        }
        try workspace.write("A title\nDatum;a;b\n" + days.joined(separator: "\n") + "\n;;\n", to: "table.csv")
        let shown = try workspace.rnn("data", "inspect", "table.csv")
        #expect(shown.status == 0, "\(shown.error)")
        for line in [
            "40 rows of 3 columns, a semicolon between cells, a comma before decimals", "  line 1 is a title",
            "  column 1 (Datum): dates are read with the day first",
            "  column 3 (b): -999 stands 4 times, far from all other numbers; where it means that a number is missing, say so "
                + "with --missing-value",
            "  40 rows from 1.1.2017 to 12.2.2017, 1 day apart",
            "  of which a, b can be read, and b be forecast\nrnn train series --data table.csv\n  Forecasting model: 1 x 32 lstm, "
                + "windows of 20 x 2, the next 1 of b\n",
        ] { #expect(shown.output.contains(line), "\(shown.output)") }
        let fields = try workspace.rnn("data", "inspect", "table.csv", "--missing-value", "-999", "--json").object()
        let columns = try #require(fields["columns"] as? [[String: Any]])
        #expect(columns[2]["missing"] as? Int == 4 && columns[2]["least"] as? Double == 0)
        #expect(columns.map { $0["kind"] as? String } == ["dates", "numbers", "numbers"])
        let line =
            ["train", "series", "--data", "table.csv", "--max-epochs", "1", "--missing-value", "-999"] + Self.tiny
        let trained = try workspace.rnn(line + ["--missing", "drop", "--out", "run"])
        #expect(trained.status == 0 && trained.error.contains("commas stand before decimals"), "\(trained.error)")
        #expect(try workspace.rnn("predict", "run", "--json").object()["rows"] as? Int == 36)
        #expect(try workspace.rnn(line + ["--no-header", "--skip-rows", "1"]).error.contains("is not a number"))
    }
}
