/// The kind of recurrent cell, by its name on the command line.
public enum CellKind: String, Codable, Sendable, CaseIterable {
    /// Long short-term memory.
    case lstm
    /// The gated recurrent unit, reset gate after the product.
    case gru
    /// The basic recurrent network.
    case rnn
    /// The basic recurrent network with rectified linear units.
    case reluRNN = "relu-rnn"

    /// What a picture calls it.
    var title: String {
        switch self {
        case .lstm: "LSTM"
        case .gru: "GRU"
        case .rnn: "tanh RNN"
        case .reluRNN: "ReLU RNN"
        }
    }

    /// What flows from step to step, as in "h, c".
    var stateNames: String { self == .lstm ? "h, c" : "h" }

    /// The number of columns that a unit has in the weights.
    var gates: Int {
        switch self {
        case .lstm: 4
        case .gru: 3
        case .rnn, .reluRNN: 1
        }
    }

    /// A cell of this kind.
    ///
    /// `forgetBias` is an LSTM's; the others have none.
    public func make(
        inputSize: Int, hiddenSize: Int, forgetBias: Float = 1, inputInitializer: Initializer = .glorotUniform,
        recurrentInitializer: Initializer = .glorotUniform, _ binder: inout Binder
    ) -> AnyCell {
        switch self {
        case .lstm:
            AnyCell(
                LSTMCell(
                    inputSize: inputSize, hiddenSize: hiddenSize, forgetBias: forgetBias,
                    inputInitializer: inputInitializer, recurrentInitializer: recurrentInitializer, &binder))
        case .gru:
            AnyCell(
                GRUCell(
                    inputSize: inputSize, hiddenSize: hiddenSize, inputInitializer: inputInitializer,
                    recurrentInitializer: recurrentInitializer, &binder))
        case .rnn, .reluRNN:
            AnyCell(
                BasicRNNCell(
                    inputSize: inputSize, hiddenSize: hiddenSize, activation: self == .rnn ? .tanh : .relu,
                    inputInitializer: inputInitializer, recurrentInitializer: recurrentInitializer, &binder))
        }
    }

    /// The bytes that training layers of this kind takes, roughly: parameters with their gradients, moments and packed
    /// forms, and the activations of a step.
    /// - Parameters:
    ///   - inputSize: The width of the lowest layer's inputs.
    ///   - outputSize: The width of the dense layer after the highest.
    ///   - rows: Time steps times sequences of a batch.
    ///   - outputRows: The rows that go through the dense layer.
    func trainingBytes(
        inputSize: Int, hiddenSize: Int, layers: Int, outputSize: Int, rows: Int, outputRows: Int
    ) -> Double {
        let (gates, hidden, layers) = (Double(gates), Double(hiddenSize), Double(layers))
        let recurrent = gates * hidden * (hidden + Double(inputSize) + 2 * hidden * (layers - 1) + layers)
        let parameters = recurrent + hidden * Double(outputSize)
        let activations = hidden * (2 * gates + 4) * layers * Double(rows) + 3 * Double(outputSize) * Double(outputRows)
        return 4 * (8 * parameters + activations)
    }
}
