import Recurrent
import RecurrentTraining

/// Recurrent layers that read a picture row by row, and a dense layer from the last step to the classes' logits.
public struct ImagesNetwork: Sendable {
    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    package init(_ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, _ binder: inout Binder) {
        let stack = configuration.stack
        layers = stack.cells(inputSize: preparation.columns, &binder["cell"])
        output = Dense(
            inputSize: stack.hiddenSize, outputSize: preparation.classes, initializer: stack.inputInitializer,
            &binder["output"])
    }

    /// The logits `[batch, classes]` of pictures `[rows, batch, columns]`.
    package func callAsFunction(_ pictures: Tensor) -> Tensor {
        let hidden = layers.unroll(pictures).outputs
        return output(hidden[hidden.shape[0] - 1])
    }
}
