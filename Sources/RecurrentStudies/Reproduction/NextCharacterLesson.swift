import Recurrent

/// A text cut into all its windows, and for every character of them the one that follows: what the notes' networks
/// learn, all windows in one batch.
struct NextCharacterLesson: Sendable {
    /// The distinct characters in the order of their numbers.
    let vocabulary: [Character]
    /// `[window, windows]`.
    let inputs: IntegerTensor
    /// The characters that follow, `[window, windows]`.
    let targets: IntegerTensor

    init(_ text: String, window: Int) {
        let characters = Array(text)
        require(window > 0 && characters.count > window, "\(characters.count) characters in windows of \(window)")
        let vocabulary = Set(characters).sorted()
        let tokens = characters.compactMap { vocabulary.firstIndex(of: $0).map(Int32.init) }
        let windows = tokens.count - window
        func from(_ start: Int) -> IntegerTensor {
            let values = (start..<start + window).flatMap { time in tokens[time..<time + windows] }
            return IntegerTensor(values, shape: [window, windows])
        }
        self.vocabulary = vocabulary
        inputs = from(0)
        targets = from(1)
    }

    /// What a network predicts for every window after `steps` training steps: its most likely characters.
    func predictions<Network>(
        seed: UInt64, optimizer: some Optimizer, steps: Int,
        network: @escaping @Sendable (inout Binder) -> Network, logits: (Network, Tensor) -> Tensor
    ) -> [String] {
        var model = Model(seed: seed, network)
        var optimizer = optimizer
        for _ in 0..<steps {
            model.train(with: &optimizer) { network in
                sequenceLoss(logits: logits(network, inputs.oneHot(depth: vocabulary.count)), targets: targets)
            }
        }
        let best = model.evaluate { logits($0, inputs.oneHot(depth: vocabulary.count)).argmax() }
        let windows = inputs.shape[1]
        return (0..<windows).map { window in
            String(stride(from: window, to: best.count, by: windows).map { vocabulary[Int(best.values[$0])] })
        }
    }

    /// TensorFlow's `BasicLSTMCell`: one kernel `[inputs + hidden, 4 hidden]`, uniform as Glorot and Bengio have it for
    /// that shape, and 1 added to the forget gate's net input.
    static func basicLSTMCell(inputSize: Int, hiddenSize: Int, _ binder: inout Binder) -> LSTMCell {
        let bound = (6 / Float(inputSize + hiddenSize + 4 * hiddenSize)).squareRoot()
        let initializer = Initializer.uniform(from: -bound, to: bound)
        return LSTMCell(
            inputSize: inputSize, hiddenSize: hiddenSize, forgetBias: 1, inputInitializer: initializer,
            recurrentInitializer: initializer, &binder)
    }
}
