/// An output layer to very many classes, such as the words of a vocabulary, by falling frequency: logits x W^T + b, and
/// a loss that training steps estimate from a few classes.
///
///     let output = SampledSoftmaxOutput(inputSize: 128, classes: 50_000, samples: 512, &binder["output"])
///     let loss = output.loss(hidden, labels: next).mean()
public struct SampledSoftmaxOutput: Sendable {
    /// `[classes, input]`: a row for each class, so that a training step touches those that it draws.
    public let weight: Tensor
    /// `[classes]`.
    public let bias: Tensor
    /// The number of different classes that a training step draws.
    let samples: Int
    private let random: RandomSource?

    /// Makes a layer with the parameters `weight` and `bias`.
    /// - Parameters:
    ///   - samples: The number of different classes that a training step draws, at most `classes`.
    ///   - updates: Which rows of both a training step moves.
    public init(
        inputSize: Int, classes: Int, samples: Int, initializer: Initializer = .glorotUniform,
        updates: RowUpdates = .lazy, _ binder: inout Binder
    ) {
        require(samples >= 1 && samples <= classes, "\(samples) different classes of \(classes) cannot be drawn")
        weight = binder.weight("weight", [classes, inputSize], initializer: initializer, updates: updates)
        bias = binder.weight("bias", [classes], initializer: .zeros, updates: updates)
        self.samples = samples
        random = binder.randomStream()
    }

    /// Makes a layer of given weights, such as those of an `Embedding`.
    /// - Parameters:
    ///   - weight: `[classes, input]`.
    ///   - bias: `[classes]`.
    ///   - random: What classes are drawn from in a training step; nil outside.
    package init(weight: Tensor, bias: Tensor, samples: Int, random: RandomSource?) {
        self.weight = weight
        self.bias = bias
        self.samples = samples
        self.random = random
    }

    /// The layer in a dense one's place, with its parameters: what a training step loses is estimated, all else is the
    /// dense layer's.
    /// - Parameters:
    ///   - dense: From `[..., input]` to the logits of all classes.
    ///   - random: What classes are drawn from in a training step; nil outside.
    public init(_ dense: Dense, samples: Int, random: RandomSource?) {
        self.init(weight: dense.weight.transposed(), bias: dense.bias, samples: samples, random: random)
    }

    /// The logits of all classes: `[..., input]` to `[..., classes]`.
    public func callAsFunction(_ x: Tensor) -> Tensor { affine(x, weight.transposed(), bias) }

    /// The cross-entropy of every row: inputs `[..., input]`, labels and result `[...]`, in nats. In a training step it
    /// is `sampledSoftmaxLoss` with classes drawn from `LogUniformSampler`, the same at every call of the step;
    /// otherwise that over all classes.
    public func loss(_ inputs: Tensor, labels: IntegerTensor) -> Tensor {
        guard var random else { return sparseSoftmaxCrossEntropy(logits: self(inputs), labels: labels) }
        let candidates = LogUniformSampler(classes: bias.count).distinct(samples, labels: labels, random: &random)
        return sampledSoftmaxLoss(
            weights: weight, biases: bias, inputs: inputs, labels: labels, candidates: candidates)
    }
}
