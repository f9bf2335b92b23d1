import RecurrentPictures

/// Pictures of how a training run went.
public enum LearningCurves {
    /// The losses, and every other measure of the validation, over the steps of training; by file names without
    /// extension. None before the first evaluation.
    /// - Parameter unit: What the loss is measured in.
    public static func pictures(of history: [HistoryLine], unit: String) -> [NamedPicture] {
        guard !history.isEmpty else { return [] }
        let steps = history.map { Double($0.step) }
        func curve(_ name: String, _ value: (HistoryLine) -> Double?) -> LineChart.Series {
            LineChart.Series(name, x: steps, y: history.map { value($0) ?? .nan })
        }
        var losses = [curve("training") { $0.trainLoss }]
        if history.contains(where: { $0.validationLoss != nil }) {
            losses.append(curve("validation") { $0.validationLoss })
        }
        let names = Set(history.flatMap { ($0.measures ?? [:]).keys }).sorted()
        return [NamedPicture("loss", LineChart(title: "Loss", xAxis: "step", yAxis: unit, series: losses))]
            + names.map { name in
                let title = name.prefix(1).uppercased() + name.dropFirst()
                let series = [curve("validation") { $0.measures?[name] }]
                return NamedPicture(name, LineChart(title: title, xAxis: "step", yAxis: name, series: series))
            }
    }
}
