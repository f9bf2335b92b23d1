import Recurrent

/// A series cut into windows, each with the values of one column that follow it, which are to be predicted.
public struct SeriesWindows: Sendable {
    /// The series.
    public let series: TimeSeries
    /// The place of the column that is predicted.
    public let target: Int
    /// The rows a window shows.
    public let steps: WindowSteps
    /// How many values after a window are predicted, the next one first.
    public let horizon: Int
    /// How many rows each window lies after the one before.
    public let stride: Int
    /// The number of windows, at least 1.
    public let count: Int

    /// Cuts a series.
    ///
    /// - Parameters:
    ///   - series: All of whose columns are the features.
    ///   - target: The place of the column that is predicted, from 0.
    ///   - steps: The rows a window shows.
    ///   - horizon: How many values are predicted: at least 1.
    ///   - stride: How many rows each window lies after the one before: at least 1.
    ///   - name: What errors call the series: the path of its file, or "the training part of" it.
    /// - Throws: `RecurrentError` where a number is out of its range, or the series shorter than one window and what
    ///   follows it, with the number of rows that are needed.
    public init(
        _ series: TimeSeries, target: Int, steps: WindowSteps, horizon: Int = 1, stride: Int = 1,
        name: String = "the series"
    ) throws {
        require(series.columns.indices.contains(target), "column \(target) of a series of \(series.columns.count)")
        guard horizon >= 1, stride >= 1 else {
            throw RecurrentError("the horizon is \(horizon) and the stride \(stride); expected 1 or more of both")
        }
        let (needed, overflow) = steps.span.addingReportingOverflow(horizon)
        guard !overflow, series.count >= needed else {
            throw RecurrentError(
                "\(name) has \(series.count) rows; one window over \(steps.span) rows and the \(horizon) to predict "
                    + "need \(overflow ? "far more" : "at least \(needed)"): use a longer series or shorter windows")
        }
        self.series = series
        self.target = target
        self.steps = steps
        self.horizon = horizon
        self.stride = stride
        count = (series.count - needed) / stride + 1
    }

    private init(_ windows: SeriesWindows, stride: Int) {
        (series, target, steps) = (windows.series, windows.target, windows.steps)
        horizon = windows.horizon
        self.stride = stride
        count = (series.count - steps.span - horizon) / stride + 1
    }

    /// At most so many of the windows, the first and others as far apart as one another.
    package func thinned(to most: Int) -> SeriesWindows {
        SeriesWindows(self, stride: stride * max(1, (count + most - 1) / most))
    }

    /// The rows that are predicted after a window.
    package func predictedRows(_ window: Int) -> Range<Int> {
        require(window >= 0 && window < count, "window \(window) of a series that has \(count)")
        let start = window * stride + steps.span
        return start..<start + horizon
    }

    /// Some of the windows.
    ///
    /// - Parameter windows: Which, from 0 to `count` - 1, in any order.
    /// - Returns: The inputs, [time, windows, features], the oldest step first, and the targets, [windows, horizon].
    public func batch(_ windows: some Collection<Int>) -> (inputs: Tensor, targets: Tensor) {
        let windows = Array(windows)
        var inputs: [Float] = []
        inputs.reserveCapacity(steps.count * windows.count * series.columns.count)
        for offset in steps.offsets {
            for window in windows {
                let row = predictedRows(window).lowerBound - steps.span + offset
                for column in series.columns { inputs.append(Float(column[row])) }
            }
        }
        let targets = windows.flatMap { window in predictedRows(window).map { Float(series.columns[target][$0]) } }
        return (
            Tensor(inputs, shape: [steps.count, windows.count, series.columns.count]),
            Tensor(targets, shape: [windows.count, horizon])
        )
    }

    /// What follows every step of some of the windows, and not only their ends: [time, windows, horizon].
    ///
    /// - Parameter windows: Which, from 0 to `count` - 1, in any order.
    package func valuesAfterEveryStep(_ windows: some Collection<Int>) -> Tensor {
        let windows = Array(windows)
        var values: [Float] = []
        values.reserveCapacity(steps.count * windows.count * horizon)
        for offset in steps.offsets {
            for window in windows {
                let row = predictedRows(window).lowerBound - steps.span + offset
                for next in row + 1...row + horizon { values.append(Float(series.columns[target][next])) }
            }
        }
        return Tensor(values, shape: [steps.count, windows.count, horizon])
    }

    /// All windows in order, some at a time, so that judging a long series takes little memory.
    package var chunks: [Range<Int>] { Swift.stride(from: 0, to: count, by: 512).map { $0..<min($0 + 512, count) } }
}
