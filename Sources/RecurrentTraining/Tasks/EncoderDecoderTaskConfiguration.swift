import Recurrent

/// The configuration of a task whose network is an encoder and decoder: what its layers have in common with other tasks'
/// is that network's.
public protocol EncoderDecoderTaskConfiguration: LayeredConfiguration {
    /// The encoder and decoder.
    var network: EncoderDecoderConfiguration { get set }
}

extension EncoderDecoderTaskConfiguration {
    /// The kind of recurrent cell, of encoder and decoder.
    public var cell: CellKind {
        get { network.cell }
        set { network.cell = newValue }
    }

    /// The number of hidden units of a layer.
    public var hiddenSize: Int {
        get { network.hiddenSize }
        set { network.hiddenSize = newValue }
    }

    /// The number of layers of the encoder, and of the decoder.
    public var layers: Int {
        get { network.layers }
        set { network.layers = newValue }
    }

    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float {
        get { network.dropout }
        set { network.dropout = newValue }
    }
}
