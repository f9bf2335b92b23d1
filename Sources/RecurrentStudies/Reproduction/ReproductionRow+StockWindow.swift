import Recurrent
import RecurrentData

extension ReproductionRow {
    /// The notes' window of seven days of stock prices (open, high, low, volume, close), oldest first and scaled column
    /// by column with (x - min)/(max - min + 1e-7), and the close of the day after, which is to be predicted.
    static let stockWindow = ReproductionRow(
        "stock-window", source: "notes \"RNN in TensorFlow\": Reading data", data: .stockPrices
    ) { path, _ in
        let data = try DataTable(path: path ?? "").series(order: .newestFirst)
        guard data.columns.count == 5, data.count > first + window.count else {
            throw RecurrentError(
                "the stock prices have \(data.count) rows of \(data.columns.count) numbers; expected more than "
                    + "\(first + window.count) rows of 5: open, high, low, volume, close")
        }
        let columns = try MinMaxScaler(fitting: data, rows: 0..<data.count, epsilon: 1e-7).transform(data).columns
        let days = first..<first + window.count
        return .numbers([
            NumberComparison(
                "window", expected: window.flatMap { $0 }, got: days.flatMap { day in columns.map { $0[day] } }),
            NumberComparison("target", expected: [0.14106001], got: [columns[4][days.upperBound]]),
        ])
    }

    /// The first day of the printed window, counted from the oldest.
    private static let first = 3

    private static let window: [[Double]] = [
        [0.18667876, 0.20948057, 0.20878184, 0.0, 0.21744815],
        [0.30697388, 0.31463414, 0.21899367, 0.01247647, 0.21698189],
        [0.21914211, 0.26390721, 0.2246864, 0.45632338, 0.22496747],
        [0.23312993, 0.23641916, 0.16268272, 0.57017119, 0.14744274],
        [0.13431201, 0.15175877, 0.11617252, 0.39380658, 0.13289962],
        [0.13973232, 0.17060429, 0.15860382, 0.28173344, 0.18171679],
        [0.18933069, 0.20057799, 0.19187983, 0.29783096, 0.2086465],
    ]
}
