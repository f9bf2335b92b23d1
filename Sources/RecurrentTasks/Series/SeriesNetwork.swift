import Recurrent

/// A forecasting model: stacked cells over the rows of a window, and a dense layer to the values that follow.
public struct SeriesNetwork: Sendable {
    private let cells: [AnyCell]
    private let output: Dense
    private let predictsEveryStep: Bool

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: SeriesConfiguration, features: Int, _ binder: inout Binder) {
        let hidden = configuration.hiddenSize
        let input = Initializer.checked(configuration.initializer, hiddenSize: hidden)
        let recurrent = Initializer.checked(configuration.recurrentInitializer, hiddenSize: hidden)
        cells = (0..<configuration.layers).map { layer in
            configuration.cell.make(
                inputSize: layer == 0 ? features : hidden, hiddenSize: hidden, forgetBias: configuration.forgetBias,
                inputInitializer: input, recurrentInitializer: recurrent, &binder["cell", layer])
        }
        output = Dense(
            inputSize: hidden, outputSize: configuration.horizon, initializer: input, &binder["output"])
        predictsEveryStep = configuration.predictsEveryStep
    }

    /// What follows windows `[time, batch, features]`: `[batch, horizon]`, or `[time, batch, horizon]` where it
    /// predicts after every step.
    public func callAsFunction(_ windows: Tensor) -> Tensor {
        let states = cells.reduce(windows) { flowing, cell in cell.unroll(flowing).outputs }
        return output(predictsEveryStep ? states : states[states.shape[0] - 1])
    }

    /// What follows the ends of windows `[time, batch, features]`: `[batch, horizon]`.
    public func forecast(_ windows: Tensor) -> Tensor {
        let predictions = self(windows)
        return predictsEveryStep ? predictions[predictions.shape[0] - 1] : predictions
    }
}
