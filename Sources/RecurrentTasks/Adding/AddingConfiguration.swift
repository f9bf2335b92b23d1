import Recurrent
import RecurrentTraining

/// How the adding problem is posed, and what learns it: everything that decides the result. Stored in the run.
public struct AddingConfiguration: RecurrentConfiguration {
    /// `adding`.
    public static let taskName = "adding"

    /// Nil: the sequences are generated.
    public var data: String?
    /// The kind of recurrent cell.
    public var cell: CellKind
    /// The number of hidden units.
    public var hiddenSize: Int
    /// The number of steps of a sequence.
    public var sequenceLength = 100
    /// The number of sequences of a batch, all of them new.
    public var batchSize = 32
    /// How the model learns.
    public var optimization: Optimization
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The defaults for the LSTM.
    public init() { self.init(cell: .lstm) }

    /// The defaults for a kind of cell. LSTM and GRU: 64 units, learning rate 5e-3, clipping at 1; the basic networks: 100
    /// units as in Le, Jaitly and Hinton 2015, learning rate 1e-3, clipping at 10 (ReLU) or 1 (tanh).
    public init(cell: CellKind) {
        self.cell = cell
        switch cell {
        case .lstm, .gru:
            hiddenSize = 64
            optimization = Optimization(learningRate: 5e-3, gradientNormBound: 1)
        case .rnn, .reluRNN:
            hiddenSize = 100
            optimization = Optimization(learningRate: 1e-3, gradientNormBound: cell == .rnn ? 1 : 10)
        }
    }

    /// The layer.
    var stack: RecurrentStack { RecurrentStack(cell, hiddenSize: hiddenSize) }

    /// Checks every number.
    public func validate() throws {
        guard data == nil else {
            throw RecurrentError(
                "`data` is \(data ?? ""); expected none, for the adding problem makes its own sequences")
        }
        try validateCell()
        try Setting("`sequenceLength`", sequenceLength).require(in: 2...1_000_000)
    }
}
