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
}
