import Recurrent

/// How the rows of a series follow one another in time.
struct SeriesRhythm {
    private let labels: [String]
    /// Seconds from row to row, where both have a date.
    private let steps: [(row: Int, seconds: Double)]

    /// Looks at the dates of a series; nil where it has none.
    init?(_ series: TimeSeries) {
        guard let labels = series.labels, let instants = series.instants else { return nil }
        self.init(labels: labels, instants: instants)
    }

    /// Looks at dates as they are written and in seconds since 1970; nil where there are fewer than two.
    init?(labels: [String], instants: [Double]) {
        guard instants.count > 1 else { return nil }
        self.labels = labels
        steps = instants.indices.dropFirst().compactMap { row in
            let seconds = instants[row] - instants[row - 1]
            return seconds.isNaN ? nil : (row, seconds)
        }
    }

    /// Checks that time goes forward.
    ///
    /// - Throws: `RecurrentError` with both dates where it goes back, or where so many rows have the date of the row before
    ///   that they are several series.
    func check(_ name: String, _ order: RowOrder) throws {
        if let back = steps.first(where: { $0.seconds < 0 }) {
            let isReversed = 2 * steps.count { $0.seconds < 0 } > steps.count
            let advice =
                isReversed
                ? (order == .oldestFirst ? "`newestFirst` reads a file from its end" : "without `newestFirst`?")
                : "sort them by time; of several series in one file `conditions` chooses the rows of one"
            throw RecurrentError(
                "\(name): \(labels[back.row]) comes after \(labels[back.row - 1]); expected rows in the order of time "
                    + "(\(advice))")
        }
        let repeated = steps.filter { $0.seconds == 0 }
        if let first = repeated.first, 4 * repeated.count >= steps.count {
            throw RecurrentError(
                "\(name): \(repeated.count) of \(labels.count) rows have the date of the row before, as \(labels[first.row]); "
                    + "expected one series, a row for each date: the file seems to hold several (`conditions` chooses the "
                    + "rows of one)")
        }
    }

    /// The span, the usual distance, and what is not as usual.
    var findings: [String] {
        let sorted = steps.map { abs($0.seconds) }.filter { $0 > 0 }.sorted()
        guard let first = labels.first, let last = labels.last, !sorted.isEmpty else { return [] }
        let usual = sorted[sorted.count / 2]
        let gaps = steps.filter { abs($0.seconds) > 1.6 * usual }
        var found = ["\(labels.count.counted("row")) from \(first) to \(last), \(Self.text(usual)) apart"]
        if let gap = gaps.max(by: { abs($0.seconds) < abs($1.seconds) }) {
            found.append(
                "\(gaps.count.counted("longer gap")), the longest of \(Self.text(abs(gap.seconds))) before "
                    + "\(labels[gap.row])")
        }
        let repeated = steps.count { $0.seconds == 0 }
        if repeated > 0 { found.append("\(repeated.counted("row")) with the date of the row before") }
        return found
    }

    private static func text(_ seconds: Double) -> String {
        let day = 86_400.0
        // A month is 28 to 31 days, a year 365 or 366.
        if seconds >= 27.5 * day {
            let (unit, name) = seconds >= 364.5 * day ? (365.25 * day, "year") : (30.44 * day, "month")
            let count = seconds / unit
            return abs(count - count.rounded()) < 0.1 ? shown(count.rounded(), name) : shown(seconds / day, "day")
        }
        let units = [(day, "day"), (3600, "hour"), (60, "minute")]
        let (unit, name) = units.first { seconds >= $0.0 } ?? (1, "second")
        return shown(seconds / unit, name)
    }

    private static func shown(_ count: Double, _ unit: String) -> String {
        let tenths = (count * 10).rounded() / 10
        let number = tenths == tenths.rounded() && tenths < 1e15 ? String(Int(tenths)) : String(tenths)
        return "\(number) \(unit)\(tenths == 1 ? "" : "s")"
    }
}
