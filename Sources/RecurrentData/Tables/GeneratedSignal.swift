import Foundation

/// The notes' time series t sin(t)/3 + 2 sin(5t) for t from 0 to 30, every 0.1.
package enum GeneratedSignal {
    /// What messages call it.
    package static let name = "the generated signal"
    /// How far its values lie apart in t.
    package static let spacing = 0.1

    /// Its value at a time.
    package static func value(at t: Double) -> Double { t * sin(t) / 3 + 2 * sin(5 * t) }

    /// What is learned from: the 301 values at 0, 0.1, ... 30.
    package static let training = series(from: 0, count: 301)

    /// What it is judged by: the 300 values half-way between those, at 0.05, 0.15, ... 29.95.
    package static let between = series(from: spacing / 2, count: 300)

    private static func series(from start: Double, count: Int) -> TimeSeries {
        TimeSeries(names: ["signal"], columns: [(0..<count).map { value(at: start + Double($0) * spacing) }])
    }
}
