/// A window that a network moves over a text while it writes: a mixture of Gaussian curves over the characters' places
/// (Graves, "Generating sequences with recurrent neural networks", 2013, equations 46 to 51).
///
/// With alpha, beta and the step of kappa the exponentials of an affine function of the hidden state,
/// kappa' = kappa + step, phi(u) = sum over k of alpha exp(-beta (kappa' - u)^2) for u = 1, 2, ..., and the window is
/// the sum over u of phi(u) times the one-hot character u.
public struct SoftWindow: Sendable {
    /// `[hidden, 3 components]`, for alpha, beta and kappa's step.
    public let weight: Tensor
    /// `[3 components]`.
    public let bias: Tensor

    /// The number of curves.
    var components: Int { bias.shape[0] / 3 }

    /// Makes a window of given weights.
    init(weight: Tensor, bias: Tensor) {
        require(
            weight.rank == 2 && weight.shape[1] % 3 == 0 && bias.shape == [weight.shape[1]],
            "a weight of shape \(weight.shape) and a bias of shape \(bias.shape) do not make a window")
        self.weight = weight
        self.bias = bias
    }

    /// Makes a window with parameters `weight` and `bias`.
    ///
    /// - Parameter stepsPerCharacter: How many steps the window rests on a character at first: what kappa's bias starts
    ///   from. Alpha's starts so that phi adds up to about 1.
    public init(hiddenSize: Int, components: Int, stepsPerCharacter: Float, _ binder: inout Binder) {
        let starts: [Double] = [1 / Double(components), 0.5, 1 / Double(stepsPerCharacter)]
        self.init(
            weight: binder.weight("weight", [hiddenSize, 3 * components]),
            bias: binder.weight(
                "bias", [3 * components],
                initializer: Initializer { _, _ in
                    let logarithms = Tensor(starts.map(Float.init)).log().values
                    return logarithms.flatMap { [Float](repeating: $0, count: components) }
                }))
    }

    /// The next window by its definition: kappa `[batch, components]` and the window `[batch, symbols]`.
    func moveStepwise(
        hidden: Tensor, kappa: Tensor, over texts: WindowTexts
    ) -> (kappa: Tensor, window: Tensor) {
        let batch = hidden.shape[0]
        let moved = kappa + affine(hidden, weight, bias).split(axis: 1, count: 3)[2].exp()
        let phi = weights(hidden: hidden, kappa: moved, places: texts.characters.shape[1])
        let characters = texts.oneHot(precision: hidden.precision)
        let window = phi.reshaped([batch, 1, phi.shape[1]]).matmul(characters)
        return (moved, window.reshaped([batch, texts.symbols]))
    }

    /// The next window, by one kernel; shapes as in `moveStepwise`.
    func move(hidden: Tensor, kappa: Tensor, over texts: WindowTexts) -> (kappa: Tensor, window: Tensor) {
        let parameters = affine(hidden, weight, bias)
        let kappa = kappa.converted(to: parameters.precision)
        let step = SoftWindowStep(parameters: parameters.detached(), kappa: kappa.detached(), texts: texts)
        let moved = Tensor(uninitialized: kappa.shape, precision: kappa.precision)
        let window = Tensor(uninitialized: [kappa.shape[0], texts.symbols], precision: kappa.precision)
        step.forward(kappa: moved, window: window)
        let links = [parameters.link, kappa.link]
        guard links.contains(where: { $0 != nil }) else { return (moved, window) }
        let node = Node(inputs: links, outputs: 2) { flow in
            let (parameters, before) = step.gradients(kappa: moved, above: flow.outputs)
            flow.add(parameters, to: 0)
            flow.add(before, to: 1)
        }
        return (moved.linked(to: node, output: 0), window.linked(to: node, output: 1))
    }

    /// phi `[batch, places]` at the places 1, 2, ... after a step that gave `hidden` and `kappa`.
    package func weights(hidden: Tensor, kappa: Tensor, places: Int) -> Tensor {
        let (batch, precision) = (hidden.shape[0], hidden.precision)
        let parts = affine(hidden, weight, bias).split(axis: 1, count: 3).map { $0.reshaped([batch, components, 1]) }
        let place = Tensor((0..<places).map { Float($0 + 1) }, shape: [1, 1, places]).converted(to: precision)
        let off = kappa.reshaped([batch, components, 1]) - place
        return (parts[0] - parts[1].exp() * off.squared()).exp().sum(along: [1])
    }
}
