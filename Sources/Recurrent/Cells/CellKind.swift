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

    /// The number of columns that a unit has in the weights.
    package var gates: Int {
        switch self {
        case .lstm: 4
        case .gru: 3
        case .rnn, .reluRNN: 1
        }
    }

    /// A cell of this kind.
    ///
    /// `forgetBias` is an LSTM's; the others have none.
    package func make(
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
}
