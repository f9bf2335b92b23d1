import Recurrent

/// Which rows of a series serve for training, for validation and for the test: in the order of time, so that nothing is
/// learned from what comes after the rows it is judged by.
struct SeriesSplit: Equatable {
    /// The rows that are learned from, and what is predicted from them.
    let training: Range<Int>
    /// The rows of validation, with those that its first window looks back on; nil for none.
    let validation: Range<Int>?
    /// The rows of the test, with those that its first window looks back on; nil for none.
    let test: Range<Int>?
}

extension SeriesSplit {
    /// Divides so many rows.
    ///
    /// - Throws: `RecurrentError` where no window is left for training.
    init(rows: Int, _ configuration: SeriesConfiguration, name: String) throws {
        let (span, horizon) = (try configuration.windowSteps().span, configuration.horizon)
        func part(_ start: Int, _ end: Int) -> Range<Int>? { end - start >= span + horizon ? start..<end : nil }
        let training: Range<Int>?
        switch configuration.parting {
        case .continuing:
            let windows = Double(max(0, rows - span - horizon + 1))
            func end(_ fraction: Double) -> Int {
                let count = Int(fraction * windows + 1e-9)
                return count == 0 ? span : span + count + horizon - 1
            }
            let (learned, validated) = (
                end(configuration.trainFraction), end(configuration.trainFraction + configuration.validationFraction)
            )
            training = part(0, learned)
            // A window predicts no row that another part's windows predict.
            validation = part(learned - span, validated)
            test = part((validation?.upperBound ?? learned) - span, rows)
        case .apart:
            let cut = Int(configuration.trainFraction * Double(rows))
            training = part(0, cut - 1)
            validation = nil
            test = part(cut, rows - 1)
        }
        guard let training else {
            throw RecurrentError(
                "\(name) has \(rows) rows, and `trainFraction` \(configuration.trainFraction) leaves no window of "
                    + "\(span) and \(horizon) to forecast for training: use a longer series or shorter windows")
        }
        self.training = training
    }
}
