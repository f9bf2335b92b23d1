import Recurrent
import RecurrentPictures

/// Recurrent layers as a configuration asks for them: made, drawn, and their memory estimated, from one description.
public struct RecurrentStack: Sendable {
    /// The layers as cells, the lowest first.
    public typealias Cells = StackedCells<DroppedOut<AnyCell>>

    /// The kind of recurrent cell.
    public var cell: CellKind
    /// The number of hidden units of a layer.
    public var hiddenSize: Int
    /// The number of layers.
    public var layers: Int
    /// The probability that an output of a layer is dropped in training.
    public var dropout: Float = 0
    /// Added to the net input of an LSTM's forget gate.
    public var forgetBias: Float = 1
    /// How the weights of the inputs begin.
    public var inputInitializer = Initializer.glorotUniform
    /// How the lowest layer's weights of its inputs begin; nil as the other layers'.
    public var lowestInputInitializer: Initializer?
    /// How the recurrent weights begin.
    public var recurrentInitializer = Initializer.glorotUniform

    /// Layers of one kind and size, by default without dropout.
    public init(_ cell: CellKind, hiddenSize: Int, layers: Int = 1, dropout: Float = 0) {
        self.cell = cell
        self.hiddenSize = hiddenSize
        self.layers = layers
        self.dropout = dropout
    }

    /// Makes the layers, with parameters `0.inputWeight` and so on in the binder's part.
    public func cells(inputSize: Int, _ binder: inout Binder) -> Cells {
        StackedCells(
            (0..<layers).map { layer in
                let made = cell.make(
                    inputSize: layer == 0 ? inputSize : hiddenSize, hiddenSize: hiddenSize, forgetBias: forgetBias,
                    inputInitializer: layer == 0 ? lowestInputInitializer ?? inputInitializer : inputInitializer,
                    recurrentInitializer: recurrentInitializer,
                    &binder["\(layer)"])
                return DroppedOut(made, output: dropout, random: dropout > 0 ? binder.randomStream() : nil)
            })
    }

    /// What a picture calls a layer.
    package var title: String { cell.title + (dropout > 0 ? ", dropout \(dropout)" : "") }

    /// The layers as nodes of a picture, the lowest first.
    /// - Parameters:
    ///   - name: What the binder calls the layers: the nodes are `name.0` and so on.
    ///   - steps: The time steps as a shape names them.
    ///   - parameters: The model's, for the counts.
    public func nodes(_ name: String, steps: String = "time", parameters: ParameterLayout) -> [NetworkGraph.Node] {
        (0..<layers).map { node("\(name).\($0)", steps: steps, parameters: parameters) }
    }

    /// One layer as a node of a picture.
    package func node(_ name: String, steps: String = "time", parameters: ParameterLayout) -> NetworkGraph.Node {
        NetworkGraph.Node(
            name, kind: title, shape: "[\(steps), batch, \(hiddenSize)]", parameters: parameters.count(of: name),
            state: cell.stateNames)
    }

    /// A network of these layers, which the binder calls `cell`, between its inputs and its outputs.
    public func graph(
        _ title: String, from inputs: NetworkGraph.Node, steps: String = "time", to outputs: NetworkGraph.Node,
        loss: String, parameters: ParameterLayout
    ) -> NetworkGraph {
        let layers = nodes("cell", steps: steps, parameters: parameters)
        return NetworkGraph(title: title, chain: [inputs] + layers + [outputs, .loss(loss)])
    }

    /// The bytes that training takes, roughly: parameters with their gradients, moments and packed forms, and the
    /// activations of a step.
    /// - Parameters:
    ///   - inputSize: The width of the lowest layer's inputs.
    ///   - outputSize: The width of the dense layer after the highest.
    ///   - rows: Time steps times sequences of a batch.
    ///   - outputRows: The rows that go through the dense layer.
    ///   - vocabulary: The number of tokens that have learned vectors as wide as the inputs.
    public func trainingBytes(
        inputSize: Int, outputSize: Int, rows: Int, outputRows: Int, vocabulary: Int = 0
    ) -> Double {
        let (gates, hidden, layers) = (Double(cell.gates), Double(hiddenSize), Double(layers))
        let recurrent = gates * hidden * (hidden + Double(inputSize) + 2 * hidden * (layers - 1) + layers)
        let parameters = recurrent + hidden * Double(outputSize) + Double(inputSize) * Double(vocabulary)
        let activations = hidden * (2 * gates + 4) * layers * Double(rows) + 3 * Double(outputSize) * Double(outputRows)
        return 4 * (8 * parameters + activations)
    }
}

extension LayeredConfiguration {
    /// Layers whose weights begin as `RecurrentStack` says.
    public var stack: RecurrentStack {
        RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers, dropout: dropout)
    }
}
