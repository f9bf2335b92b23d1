import Recurrent
import RecurrentTraining

/// A forecasting model: stacked cells over the rows of a window, and a dense layer to the values that follow.
public struct SeriesNetwork: Sendable {
    private let layers: RecurrentStack.Cells
    private let output: Dense
    private let predictsEveryStep: Bool

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    package init(_ configuration: SeriesConfiguration, features: Int, _ binder: inout Binder) {
        let stack = configuration.stack
        layers = stack.cells(inputSize: features, &binder["cell"])
        output = Dense(
            inputSize: stack.hiddenSize, outputSize: configuration.horizon, initializer: stack.inputInitializer,
            &binder["output"])
        predictsEveryStep = configuration.predictsEveryStep
    }

    /// What follows windows `[time, batch, features]`: `[batch, horizon]`, or `[time, batch, horizon]` where it
    /// predicts after every step.
    package func callAsFunction(_ windows: Tensor) -> Tensor {
        let hidden = layers.unroll(windows).outputs
        return output(predictsEveryStep ? hidden : hidden[hidden.shape[0] - 1])
    }

    /// What follows the ends of windows `[time, batch, features]`: `[batch, horizon]`.
    package func forecast(_ windows: Tensor) -> Tensor {
        let predictions = self(windows)
        return predictsEveryStep ? predictions[predictions.shape[0] - 1] : predictions
    }
}
