import CKernels

/// Texts that a soft window moves over, side by side.
public struct WindowTexts: Sendable {
    /// The characters as numbers, `[batch, characters]`, filled up with 0.
    public let characters: IntegerTensor
    /// The number of each text's characters.
    public let lengths: [Int]
    /// The number of different characters.
    public let symbols: Int

    /// Puts texts side by side.
    ///
    /// - Parameters:
    ///   - texts: The characters of each text, numbers below `symbols`; at least one.
    ///   - symbols: The number of different characters.
    public init(_ texts: [[Int32]], symbols: Int) {
        for character in texts.joined() {
            require(character >= 0 && character < symbols, "a text has the character \(character) of \(symbols)")
        }
        let longest = texts.map(\.count).max() ?? 0
        characters = IntegerTensor(
            texts.flatMap { $0 + [Int32](repeating: 0, count: longest - $0.count) }, shape: [texts.count, longest])
        lengths = texts.map(\.count)
        self.symbols = symbols
    }

    /// One-hot characters `[batch, characters, symbols]`, zeros past a text's end.
    func oneHot(precision: Precision) -> Tensor {
        let (batch, longest) = (characters.shape[0], characters.shape[1])
        var values = [Float](repeating: 0, count: batch * longest * symbols)
        for row in 0..<batch {
            for place in 0..<lengths[row] {
                let index = row * longest + place
                values[index * symbols + Int(characters.values[index])] = 1
            }
        }
        return Tensor(values, shape: [batch, longest, symbols]).converted(to: precision)
    }
}

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
    public var components: Int { bias.shape[0] / 3 }

    /// Makes a window of given weights.
    public init(weight: Tensor, bias: Tensor) {
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
    public func weights(hidden: Tensor, kappa: Tensor, places: Int) -> Tensor {
        let (batch, precision) = (hidden.shape[0], hidden.precision)
        let parts = affine(hidden, weight, bias).split(axis: 1, count: 3).map { $0.reshaped([batch, components, 1]) }
        let place = Tensor((0..<places).map { Float($0 + 1) }, shape: [1, 1, places]).converted(to: precision)
        let off = kappa.reshaped([batch, components, 1]) - place
        return (parts[0] - parts[1].exp() * off.square()).exp().sum(along: [1])
    }
}

/// One call of the window's kernels, on detached tensors.
private struct SoftWindowStep: Sendable {
    let parameters: Tensor
    let kappa: Tensor
    let texts: WindowTexts

    init(parameters: Tensor, kappa: Tensor, texts: WindowTexts) {
        require(
            kappa.shape == [texts.lengths.count, parameters.shape[1] / 3],
            "kappa of shape \(kappa.shape) for \(texts.lengths.count) texts and parameters of \(parameters.shape)")
        self.parameters = parameters
        self.kappa = kappa
        self.texts = texts
    }

    private func withWindow(_ body: (inout ck_soft_window) -> Void) {
        texts.characters.values.withUnsafeBufferPointer { characters in
            texts.lengths.map(Int32.init).withUnsafeBufferPointer { lengths in
                var window = ck_soft_window(
                    batch: Int64(texts.lengths.count), components: Int64(kappa.shape[1]),
                    characters: Int64(texts.characters.shape[1]), symbols: Int64(texts.symbols),
                    parameters: parameters.pointer, positions: kappa.pointer, text: characters.baseAddress,
                    lengths: lengths.baseAddress)
                body(&window)
            }
        }
    }

    func forward(kappa moved: Tensor, window: Tensor) {
        withWindow { kappa.kernels.soft_window(&$0, moved.pointer, window.pointer) }
    }

    func gradients(kappa moved: Tensor, above: [Tensor?]) -> (parameters: Tensor, kappa: Tensor) {
        let ofParameters = Tensor(uninitialized: parameters.shape, precision: kappa.precision)
        let ofKappa = Tensor(uninitialized: kappa.shape, precision: kappa.precision)
        withWindow {
            kappa.kernels.soft_window_gradient(
                &$0, moved.pointer, above[0].map { UnsafeRawPointer($0.pointer) },
                above[1].map { UnsafeRawPointer($0.pointer) }, ofParameters.pointer, ofKappa.pointer)
        }
        return (ofParameters, ofKappa)
    }
}
