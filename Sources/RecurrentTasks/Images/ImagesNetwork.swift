import Recurrent

/// Stacked cells that read a picture row by row, and a dense layer from the last hidden state to the classes' logits.
public struct ImagesNetwork: Sendable {
    private let cells: [AnyCell]
    private let dropouts: [Dropout]
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, _ binder: inout Binder) {
        let hidden = configuration.hiddenSize
        let initializer = Initializer.checked(configuration.initializer, hiddenSize: hidden)
        cells = (0..<configuration.layers).map { layer in
            configuration.cell.make(
                inputSize: layer == 0 ? preparation.columns : hidden, hiddenSize: hidden,
                inputInitializer: initializer, recurrentInitializer: initializer, &binder["cell", layer])
        }
        dropouts = (0..<configuration.layers).map { _ in Dropout(probability: configuration.dropout, &binder) }
        output = Dense(
            inputSize: hidden, outputSize: preparation.classes, initializer: initializer, &binder["output"])
    }

    /// The logits `[batch, classes]` of pictures `[rows, batch, columns]`.
    public func callAsFunction(_ pictures: Tensor) -> Tensor {
        var flowing = pictures
        for (cell, dropout) in zip(cells.dropLast(), dropouts) { flowing = dropout(cell.unroll(flowing).outputs) }
        let last = cells.count - 1
        return output(dropouts[last](cells[last].unroll(flowing).state.hidden))
    }
}
