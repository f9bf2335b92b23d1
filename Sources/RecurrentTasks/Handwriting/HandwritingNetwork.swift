import Recurrent
import RecurrentTraining

/// A network that says of every movement of a pen what the next may be (Graves, "Generating sequences with recurrent
/// neural networks", 2013, sections 4 and 5).
///
/// Layers of LSTM cells with peepholes, each of which reads the pen's movement and the layer below; from all layers to
/// the outputs. With a window the lowest layer moves it over the text that is to be written, and all layers above read it.
public struct HandwritingNetwork: StoredNetwork, Sendable {
    private let layers: [LSTMCell]
    private let window: SoftWindow?
    private let output: Dense

    /// The bound of the outputs' gradients in the paper, whose loss is a sum over steps.
    static let outputGradientBound: Float = 100
    /// The bound of the gradients of the gates' net inputs.
    static let gateGradientBound: Float = 10

    /// What is carried from step to step.
    package struct State: Sendable {
        /// The states of the layers, the lowest first.
        package var layers: [LSTMState]
        /// Where the window's curves stand, `[batch, components]`; nil without a window.
        package var kappa: Tensor?
        /// The window, `[batch, symbols]`; nil without one.
        package var window: Tensor?
    }

    /// Makes the network of a configuration, with parameters `layers.0.inputWeight` and so on, `window.weight` and
    /// `window.bias`, `output.weight` and `output.bias`.
    public init(
        _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation, _ binder: inout Binder
    ) { self.init(configuration, symbols: preparation.symbols, &binder) }

    /// A network for so many different characters; 0 for one that writes without a text.
    init(_ configuration: HandwritingConfiguration, symbols: Int, _ binder: inout Binder) {
        let hidden = configuration.hiddenSize
        layers = (0..<configuration.layers).map { layer in
            LSTMCell(
                inputSize: 3 + symbols + (layer == 0 ? 0 : hidden), hiddenSize: hidden, usesPeepholes: true,
                &binder["layers", layer])
        }
        window =
            symbols == 0
            ? nil
            : SoftWindow(
                hiddenSize: hidden, components: configuration.windowComponents,
                stepsPerCharacter: configuration.stepsPerCharacter, &binder["window"])
        output = Dense(
            inputSize: configuration.layers * hidden,
            outputSize: MixtureDensity.outputWidth(components: configuration.mixtures), &binder["output"])
    }

    /// What stands for the density of the movement after each: `[time, batch, 6 mixtures + 1]`.
    ///
    /// - Parameters:
    ///   - movements: `[time, batch, 3]`: to the right, downwards, and 1 where a stroke ends.
    ///   - texts: What is to be written, for a network with a window.
    ///   - lengths: The number of movements of every sequence; all where none are given.
    ///   - state: What an earlier call gave; the beginning where there is none.
    ///   - meanOver: The number of steps whose mean loss is minimised: the paper's bounds of gradients, which are those of
    ///     a sum, are divided by it.
    package func callAsFunction(
        _ movements: Tensor, writing texts: WindowTexts? = nil, lengths: [Int]? = nil, from state: State? = nil,
        meanOver steps: Int = 1
    ) -> (outputs: Tensor, state: State) {
        require((texts == nil) == (window == nil), "a network with a window, and only that, needs texts")
        var next = State(layers: [])
        var hidden: [Tensor] = []
        var seen: [Tensor] = []
        for (place, layer) in layers.enumerated() {
            let cell = layer.clippingGradients(to: Self.gateGradientBound / Float(steps))
            let before = state?.layers[place]
            if place == 0, let window, let texts {
                let reader = SoftWindowCell(lstm: cell, window: window, texts: texts)
                let run = reader.unroll(movements, from: before.map { windowState($0, state) }, lengths: lengths)
                let parts = run.outputs.split(axis: 2, [cell.outputSize, texts.symbols])
                hidden.append(parts[0])
                seen = [parts[1]]
                next.layers.append(LSTMState(c: run.state.c, h: run.state.h))
                (next.kappa, next.window) = (run.state.kappa, run.state.window)
            } else {
                let read = Tensor.concatenated([movements] + hidden.suffix(1) + seen, axis: 2)
                let run = cell.unroll(read, from: before, lengths: lengths)
                hidden.append(run.outputs)
                next.layers.append(run.state)
            }
        }
        let outputs = output(.concatenated(hidden, axis: 2))
        return (outputs.clippingGradient(to: Self.outputGradientBound / Float(steps)), next)
    }

    private func windowState(_ lstm: LSTMState, _ state: State?) -> SoftWindowState {
        guard let kappa = state?.kappa, let window = state?.window else {
            fatalError("a state without a window for a network that has one")
        }
        return SoftWindowState(c: lstm.c, h: lstm.h, kappa: kappa, window: window)
    }

    /// How strongly the window rests on the places 1, 2, ... of every text, `[batch, places]`; nil without a window.
    package func windowWeights(_ state: State, places: Int) -> Tensor? {
        guard let window, let kappa = state.kappa else { return nil }
        return window.weights(hidden: state.layers[0].h, kappa: kappa, places: places)
    }
}

extension LSTMCell {
    /// The same cell with another bound of the net inputs' gradients.
    fileprivate func clippingGradients(to bound: Float) -> LSTMCell {
        LSTMCell(
            inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias, peepholes: peepholes,
            projection: projection, forgetBias: forgetBias, cellClip: cellClip, gradientClip: bound)
    }
}
