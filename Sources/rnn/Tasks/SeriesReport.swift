import RecurrentData
import RecurrentTasks

/// How good forecasts are, beside naive ones, and what must be known to believe it.
struct SeriesReport {
    let configuration: SeriesConfiguration
    let preparation: SeriesPreparation
    let parts: [SeriesPart]
    let errors: [ForecastErrors]
    /// Unscaled.
    let series: TimeSeries

    var report: Report {
        var fields: [String: any Sendable] = ["target": target]
        for (part, error) in zip(parts, errors) {
            fields[parts.count == 1 ? "all" : part.name] =
                [
                    "windows": error.windows, "rmse": error.model.overall, "naiveRMSE": error.naive.overall,
                    "rmsePerStep": error.model.perStep, "naiveRMSEPerStep": error.naive.perStep,
                ] as [String: any Sendable]
        }
        if !warnings.isEmpty { fields["warnings"] = warnings }
        return Report(lines: table + thinned + warnings, fields: fields)
    }

    private var target: String { preparation.targetTitle }

    private var table: [String] {
        let width = max(12, (parts.map(\.name.count).max() ?? 0) + 2)
        func row(_ name: String, _ windows: String, _ model: String, _ naive: String, _ rows: String) -> String {
            func right(_ text: String, _ width: Int) -> String {
                String(repeating: " ", count: max(1, width - text.count)) + text
            }
            return name + right(windows, width - name.count + 7) + right(model, 12) + right(naive, 12) + "  " + rows
        }
        var lines = [row("RMSE of \(target)", "", "model", "naive", "").trimmingTrailingBlanks()]
        for (part, error) in zip(parts, errors) {
            lines.append(
                row(
                    part.name, Console.grouped(error.windows), Console.fixed(error.model.overall),
                    Console.fixed(error.naive.overall), place(of: part)))
            guard configuration.horizon > 1 else { continue }
            for step in 0..<configuration.horizon {
                lines.append(
                    row(
                        "  \(step + 1) ahead", "", Console.fixed(error.model.perStep[step]),
                        Console.fixed(error.naive.perStep[step]), ""
                    ).trimmingTrailingBlanks())
            }
        }
        return lines
    }

    /// What is forecast in a part: its rows, counted from 1, with their dates where there are some.
    private func place(of part: SeriesPart) -> String {
        guard configuration.data != nil || parts.count == 1 else { return "" }
        let rows = part.predictedRows
        let dates = series.labels.map { " (\($0[rows.lowerBound]) to \($0[rows.upperBound - 1]))" } ?? ""
        return "rows \(rows.lowerBound + 1) to \(rows.upperBound)\(dates)"
    }

    /// Which part was not judged by all its windows.
    private var thinned: [String] {
        parts.filter { $0.judged.count < $0.windows.count }.map { part in
            "Of the \(part.name) part, one window in \(part.judged.stride / part.windows.stride) was judged."
        }
    }

    private var warnings: [String] {
        var warnings: [String] = []
        if configuration.data != nil, series.labels == nil, configuration.order == .oldestFirst {
            warnings.append("The rows have no dates: the first was taken as the oldest (otherwise: --newest-first).")
        }
        if configuration.scalerFit == .whole, configuration.scaling != .none {
            warnings.append(
                "The scaler was fitted to the whole series, the test part with it: a leak of what is to be forecast. "
                    + "--scaler-fit training is honest.")
        }
        if let training = parts.first, let test = parts.last, test.name == "test" {
            let values = series.columns[preparation.target]
            let learned = values[training.firstRow..<training.predictedRows.upperBound]
            let asked = values[test.predictedRows]
            if let least = learned.min(), let most = learned.max(), let low = asked.min(), let high = asked.max(),
                low < least || high > most
            {
                warnings.append(
                    "The test part leaves the range of the training part: it goes from \(low) to \(high), training from "
                        + "\(least) to \(most).")
            }
        }
        return warnings
    }
}
