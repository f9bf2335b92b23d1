import RecurrentData
import RecurrentPictures
import RecurrentTraining

extension SeriesTask {
    /// What came beside what was forecast, over all parts; and, where several steps are forecast, those beyond the end.
    ///
    /// - Throws: `RecurrentError` where a forecast is no number.
    public func pictures(of network: SeriesNetwork) throws -> [NamedPicture] {
        let forecaster = SeriesForecaster(configuration, preparation, network)
        var pictures = [NamedPicture("forecast", forecastChart(forecaster))]
        if configuration.horizon > 1 { pictures.append(NamedPicture("beyond", try beyondChart(forecaster))) }
        return pictures
    }

    /// The generated sequence after its seed.
    package static func sequenceChart(_ sequence: (seed: [Double], values: [Double])) -> LineChart {
        let start = sequence.seed.count
        return LineChart(
            title: "A sequence that the model goes on with by itself", xAxis: "value", yAxis: "",
            series: [
                LineChart.Series(
                    "generated", x: (start..<start + sequence.values.count).map(Double.init), y: sequence.values),
                LineChart.Series("seed", x: (0..<start).map(Double.init), y: sequence.seed, style: .thick),
            ])
    }

    private var rowAxis: String {
        if configuration.data == nil { return "t" }
        guard let labels = series.labels, let first = labels.first, let last = labels.last else { return "row" }
        return "row, \(first) to \(last)"
    }

    /// Where rows lie on the horizontal axis: by their number, or by the signal's time.
    private func positions(_ rows: some Collection<Int>, isBetween: Bool = false) -> [Double] {
        guard configuration.data == nil else { return rows.map(Double.init) }
        return rows.map { GeneratedSignal.spacing * (Double($0) + (isBetween ? 0.5 : 0)) }
    }

    private func forecastChart(_ forecaster: SeriesForecaster) -> LineChart {
        let steps = Set([0, configuration.horizon - 1]).sorted()
        var lines = steps.map { step in
            LineChart.Series(
                configuration.horizon == 1 ? "forecast" : "forecast \(step + 1) ahead", x: [], y: [])
        }
        var bands: [LineChart.Band] = []
        for part in parts {
            let windows = part.drawn
            let forecasts = forecaster.forecasts(after: windows)
            let isBetween = configuration.data == nil && part.name != training.name
            for (line, step) in steps.enumerated() {
                let rows = forecasts.indices.map { part.firstRow + windows.predictedRows($0).lowerBound + step }
                let x = positions(rows, isBetween: isBetween)
                // A gap, so that no line leads from one part to the next.
                lines[line].x += x + x.suffix(1)
                lines[line].y += forecasts.map { $0[step] } + [.nan]
            }
            let x = positions(part.predictedRows, isBetween: isBetween)
            if configuration.data != nil, let from = x.first, let to = x.last {
                bands.append(LineChart.Band(part.name, x: from...to))
            }
        }
        let actual = LineChart.Series(
            "actual", x: positions(0..<series.count), y: series.columns[preparation.target], style: .thick)
        return LineChart(
            title: "Forecast and actual values", xAxis: rowAxis, yAxis: preparation.targetTitle,
            series: [actual] + lines,
            bands: bands)
    }

    /// The last rows and the forecast that begins at their end.
    private func beyondChart(_ forecaster: SeriesForecaster) throws -> LineChart {
        let forecast = try forecaster.forecast(after: series)
        let end = series.count
        let shown = min(end, 4 * configuration.horizon + configuration.window)
        let values = Array(series.columns[preparation.target].suffix(shown))
        return LineChart(
            title: "Forecast beyond the end", xAxis: rowAxis, yAxis: preparation.targetTitle,
            series: [
                LineChart.Series("actual", x: positions(end - shown..<end), y: values, style: .thick),
                LineChart.Series(
                    "forecast", x: positions(end - 1..<end + forecast.count), y: values.suffix(1) + forecast),
            ])
    }
}
