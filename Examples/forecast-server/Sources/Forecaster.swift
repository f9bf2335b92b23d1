// A small forecasting model that learns when the server starts, and is then asked by many requests at once: a trained
// `Model` is a value that nothing changes, so it needs no lock.

import Foundation
import Recurrent

/// What a client did wrong, as it is told.
struct BadRequest: Error {
    let message: String
}

/// Reads a window of values, and says which follow it.
struct Forecaster: Sendable {
    /// The number of values that a forecast is made from.
    static let window = 24
    /// The number of values that are forecast.
    static let horizon = 6
    /// The values' magnitude must be less: they and their squares stay far from the end of floating-point numbers.
    static let bound = 1e16

    /// A GRU over a window, and a dense layer from its last state to the values that follow.
    struct Network {
        let cell: GRUCell
        let output: Dense

        init(_ binder: inout Binder) {
            cell = GRUCell(inputSize: 1, hiddenSize: 32, &binder["cell"])
            output = Dense(inputSize: 32, outputSize: horizon, &binder["output"])
        }

        /// `[window, batch, 1]` to `[batch, horizon]`.
        func callAsFunction(_ windows: Tensor) -> Tensor { output(cell.unroll(windows).state) }
    }

    private var model = Model(seed: 1) { binder in Network(&binder) }

    /// The mean squared error of the last training steps; the values have a variance of 1.
    private(set) var loss: Float = .nan

    /// The signal: a wave of 12 steps and a slower one of 50.
    static func signal(at time: Int) -> Double {
        sin(2 * .pi * Double(time) / 12) + 0.5 * sin(2 * .pi * Double(time) / 50)
    }

    /// Learns the signal.
    init(steps: Int = 300) {
        var random = RandomSource(seed: 2)
        var optimizer = Adam(learningRate: 0.01)
        for step in 0..<steps {
            optimizer.learningRate = step < steps * 3 / 4 ? 0.01 : 0.002
            let examples = random.uniform(count: 32, from: 0, to: 600).map { start in
                Self.example(from: Int(start))
            }
            // Sequences are [time, batch, features].
            let windows = Tensor(examples.map(\.window)).transposed().reshaped([Self.window, examples.count, 1])
            let next = Tensor(examples.map(\.next))
            loss =
                model.train(with: &optimizer, clipping: .globalNorm(1)) { network in
                    meanSquaredError(network(windows), next)
                }.loss
        }
    }

    private static func example(from start: Int) -> (window: [Float], next: [Float]) {
        let values = (start..<start + window + horizon).map(signal)
        let scale = Scale(of: values[..<window])
        return (scale.apply(values[..<window]), scale.apply(values[window...]))
    }

    /// The values that follow, at the size of those given.
    ///
    /// - Throws: `BadRequest` where there are too few values, or one is no number or too large.
    func forecast(after values: [Double]) throws(BadRequest) -> [Double] {
        guard values.count >= Self.window else {
            throw BadRequest(message: "there are \(values.count) values; expected \(Self.window) or more")
        }
        for (place, value) in values.enumerated() where !(value.magnitude < Self.bound) {
            throw BadRequest(
                message: "value \(place + 1) is \(value); expected a number of magnitude below \(Self.bound)")
        }
        let window = values.suffix(Self.window)
        let scale = Scale(of: window)
        let input = Tensor(scale.apply(window), shape: [Self.window, 1, 1])
        return scale.undo(model.evaluate { network in network(input) }.doubles)
    }
}

/// Brings a window's values to a mean of 0 and a standard deviation of 1, and forecasts back.
private struct Scale {
    let mean: Double
    let deviation: Double

    init(of values: ArraySlice<Double>) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        self.mean = mean
        deviation = max(variance.squareRoot(), 1e-6 * max(1, mean.magnitude))  // equal values divide by no zero
    }

    func apply(_ values: ArraySlice<Double>) -> [Float] { values.map { Float(($0 - mean) / deviation) } }

    func undo(_ values: [Double]) -> [Double] { values.map { $0 * deviation + mean } }
}
