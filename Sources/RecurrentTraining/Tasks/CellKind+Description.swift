import Recurrent

extension CellKind {
    /// What a picture calls it.
    package var title: String {
        switch self {
        case .lstm: "LSTM"
        case .gru: "GRU"
        case .rnn: "tanh RNN"
        case .reluRNN: "ReLU RNN"
        }
    }

    /// What flows from step to step, as in "h, c".
    package var stateNames: String { self == .lstm ? "h, c" : "h" }

    /// The bytes that training layers of this kind takes, roughly: parameters with their gradients, moments and packed
    /// forms, and the activations of a step.
    /// - Parameters:
    ///   - inputSize: The width of the lowest layer's inputs.
    ///   - outputSize: The width of the dense layer after the highest.
    ///   - rows: Time steps times sequences of a batch.
    ///   - outputRows: The rows that go through the dense layer.
    package func trainingBytes(
        inputSize: Int, hiddenSize: Int, layers: Int, outputSize: Int, rows: Int, outputRows: Int
    ) -> Double {
        let (gates, hidden, layers) = (Double(gates), Double(hiddenSize), Double(layers))
        let recurrent = gates * hidden * (hidden + Double(inputSize) + 2 * hidden * (layers - 1) + layers)
        let parameters = recurrent + hidden * Double(outputSize)
        let activations = hidden * (2 * gates + 4) * layers * Double(rows) + 3 * Double(outputSize) * Double(outputRows)
        return 4 * (8 * parameters + activations)
    }
}
