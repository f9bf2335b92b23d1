extension DataTable {
    /// What its dates say of its rows' time, a line each; nothing where they have none.
    package var timeFindings: [String] {
        timeline(0..<rowCount).flatMap { SeriesRhythm(labels: $0.labels, instants: $0.instants) }?.findings ?? []
    }
}

extension DataColumn {
    // Cells that a description shows.
    private static let shownCells = 3

    /// The least and the largest number, nil where it has none.
    package var range: ClosedRange<Double>? {
        let known = numbers.lazy.filter { !$0.isNaN }
        guard kind == .numbers, let least = known.min(), let most = known.max() else { return nil }
        return least...most
    }

    /// The first cells.
    package var firstCells: [String] {
        switch kind {
        case .dates, .text: Array(cells.prefix(Self.shownCells))
        case .numbers: numbers.prefix(Self.shownCells).map { $0.isNaN ? "?" : "\($0)" }
        }
    }
}
