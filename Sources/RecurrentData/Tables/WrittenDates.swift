/// The dates of a column read together: what one of them leaves open, the others may tell.
struct WrittenDates {
    /// Seconds since 1970, NaN where there is no date.
    let instants: [Double]
    /// Whether all are times of day alone.
    let isTimeAlone: Bool
    /// The row of a date that can be read in several ways, where nothing tells which is meant.
    let openRow: Int?
    /// The first row of a date that cannot be read as the others are.
    let otherRow: Int?
    /// In which order day, month and year are read, where a date could have another.
    let finding: String?

    /// Reads them.
    /// - Parameters:
    ///   - dates: The rows' dates, nil where there is none.
    ///   - cells: The same as they are written.
    ///   - said: The order of day, month and year, where that is said.
    init(_ dates: [WrittenDate?], cells: [String], order said: WrittenDate.DayOrder?) {
        let choice = said.map { Choice(order: $0) } ?? Self.choice(dates, cells)
        openRow = choice.openRow
        finding = choice.finding
        otherRow = dates.firstIndex { date in
            if case .among(let orders) = date?.reading { !orders.contains(choice.order) } else { false }
        }
        isTimeAlone = dates.contains { $0 != nil } && dates.allSatisfy { $0?.isTimeAlone ?? true }
        let seconds = dates.map { $0?.seconds(choice.order) ?? .nan }
        instants = isTimeAlone ? Self.overMidnight(seconds) : seconds
    }

    private struct Choice {
        let order: WrittenDate.DayOrder
        var openRow: Int?
        var finding: String?
    }

    /// The order that all dates can have; of several the day first where points stand between, and else what makes the rows
    /// follow one another most regularly.
    private static func choice(_ dates: [WrittenDate?], _ cells: [String]) -> Choice {
        var orders = WrittenDate.DayOrder.allCases
        var isChosen = false
        var first: Int?
        for (row, date) in dates.enumerated() {
            guard case .among(let own) = date?.reading else { continue }
            let common = orders.filter(own.contains)
            // Dates that have no order in common are found out as others.
            if !common.isEmpty { orders = common }
            isChosen = isChosen || own.count > 1
            first = first ?? row
        }
        guard let first, isChosen else { return Choice(order: orders[0]) }
        let hasPoints = cells[first].prefix { !$0.isWhitespace }.contains(".")
        var order = orders[0]
        if orders.count > 1, !hasPoints || order != .dayFirst {
            guard let found = mostRegular(of: orders, dates) else { return Choice(order: order, openRow: first) }
            order = found
        }
        let advice = orders.count > 1 ? "; where that is wrong, say so with `dateFormat`" : ""
        return Choice(order: order, finding: "dates are read with \(order.title)\(advice)")
    }

    /// The order in which the rows follow one another most regularly; nil where several are as regular and nothing else
    /// tells.
    private static func mostRegular(
        of orders: [WrittenDate.DayOrder], _ dates: [WrittenDate?]
    ) -> WrittenDate.DayOrder? {
        let readings = orders.map { order in (order: order, rhythm: rhythm(dates, with: order)) }
        let least = readings.map(\.rhythm.irregularity).min() ?? 1
        let regular = readings.filter { $0.rhythm.irregularity <= 1.15 * least }
            .sorted { $0.rhythm.step < $1.rhythm.step }
        guard regular.count > 1, least.isFinite else { return regular.first?.order ?? orders[0] }
        // Days in a row are not the same day of years in a row.
        if regular[1].rhythm.step > 100 * regular[0].rhythm.step { return regular[0].order }
        let instants = regular.map { reading in dates.map { $0?.seconds(reading.order) } }
        return instants.allSatisfy { $0 == instants[0] } ? regular[0].order : nil
    }

    /// The shortest step from date to date that is one, and the longest against it; infinite where time goes forth and back.
    private static func rhythm(
        _ dates: [WrittenDate?], with order: WrittenDate.DayOrder
    ) -> (step: Double, irregularity: Double) {
        let seconds = dates.compactMap { $0?.seconds(order) }
        let steps = zip(seconds, seconds.dropFirst()).map { $1 - $0 }.filter { $0 != 0 }
        guard let least = steps.min(), let most = steps.max() else { return (0, 1) }
        let shortest = min(abs(least), abs(most))
        return (shortest, least * most > 0 ? max(abs(least), abs(most)) / shortest : .infinity)
    }

    /// Times that go back among others that go forward are those of the day after.
    private static func overMidnight(_ times: [Double]) -> [Double] {
        let known = times.filter { !$0.isNaN }
        let backward = zip(known, known.dropFirst()).count { $1 < $0 }
        guard 2 * backward < known.count - 1 else { return times }
        var (days, before) = (0.0, -Double.infinity)
        return times.map { time in
            guard !time.isNaN else { return time }
            if time < before { days += 1 }
            before = time
            return time + days * 86_400
        }
    }
}
