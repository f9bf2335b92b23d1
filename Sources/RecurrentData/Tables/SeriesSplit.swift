import Recurrent

/// Which rows of a series serve for training, for validation and for the test: in the order of time, so that nothing is
/// learned from what comes after the rows it is judged by.
package struct SeriesSplit: Equatable {
    /// The rows that are learned from, and what is predicted from them.
    package let training: Range<Int>
    /// The rows of validation, with those that its first window looks back on; nil for none.
    package let validation: Range<Int>?
    /// The rows of the test, with those that its first window looks back on; nil for none.
    package let test: Range<Int>?
}

extension SeriesSplit {
    /// Divides so many rows.
    /// - Parameters:
    ///   - span: The rows of a window.
    ///   - horizon: The rows that are predicted after it.
    ///   - trainFraction: The share of the windows for training.
    ///   - validationFraction: The share after those for validation; the rest is for the test.
    ///   - isApart: Whether the rows are cut in two, and the last pair of each part is dropped; otherwise the first window
    ///     of a part looks back on the part before.
    ///   - name: What errors call the series.
    /// - Throws: `RecurrentError` where no window is left for training.
    package init(
        rows: Int, span: Int, horizon: Int, trainFraction: Double, validationFraction: Double, isApart: Bool,
        name: String
    ) throws {
        func part(_ start: Int, _ end: Int) -> Range<Int>? { end - start >= span + horizon ? start..<end : nil }
        let learnedRows: Range<Int>?
        if isApart {
            let cut = Int(trainFraction * Double(rows))
            (learnedRows, validation, test) = (part(0, cut - 1), nil, part(cut, rows - 1))
        } else {
            let windows = Double(max(0, rows - span - horizon + 1))
            func end(_ fraction: Double) -> Int {
                let count = Int(fraction * windows + 1e-9)
                return count == 0 ? span : span + count + horizon - 1
            }
            let learned = end(trainFraction)
            learnedRows = part(0, learned)
            // A window predicts no row that another part's windows predict.
            validation = part(learned - span, end(trainFraction + validationFraction))
            test = part((validation?.upperBound ?? learned) - span, rows)
        }
        guard let learnedRows else {
            throw RecurrentError(
                "\(name) has \(rows) rows, and `trainFraction` \(trainFraction) leaves no window of "
                    + "\(span) and \(horizon) to forecast for training: use a longer series or shorter windows")
        }
        training = learnedRows
    }
}
