/// A network and its parameters.
///
/// `Network` is made anew by `build` for every evaluation and training step, from views of the parameters.
///
///     var model = Model(seed: 1) { binder in Classifier(&binder) }
///     var optimizer = Adam(learningRate: 1e-3)
///     let step = model.train(with: &optimizer, clipping: .globalNorm(5)) { network in
///         sparseSoftmaxCrossEntropy(logits: network(images), labels: labels).mean()
///     }
public struct Model<Network>: Sendable {
    /// The parameters.
    public var parameters: Parameters
    /// What the network keeps beside its parameters and is not trained, such as batch normalisation's running means.
    public var statistics: Parameters
    /// The source of what is random in training steps; every step takes the next of its streams.
    public var random: RandomSource
    /// What the parameters of the network's recurrent layers mean.
    package let cells: [CellDescription]
    private let build: @Sendable (inout Binder) -> Network

    /// Makes the parameters that `build` asks for, from the seed.
    public init(seed: UInt64, _ build: @escaping @Sendable (inout Binder) -> Network) {
        var binder = Binder(declaring: RandomSource(seed: seed))
        _ = build(&binder)
        parameters = Parameters(layout: binder.layout, values: binder.values)
        statistics = binder.statistics
        cells = binder.cells
        random = RandomSource(seed: seed, operation: 1)
        self.build = build
    }

    /// Calls `body` with the network, untracked and without dropout.
    public func evaluate<Result>(_ body: (Network) throws -> Result) rethrows -> Result {
        var binder = Binder(reading: parameters, statistics: statistics)
        return try body(build(&binder))
    }

    /// The value and the parameters' gradients of a scalar that `body` computes with the network, as in training;
    /// statistics are brought up to date.
    ///
    /// What `body` gives beside the loss must be detached, as carried state is.
    public mutating func gradients<Other>(
        of body: (Network) throws -> (loss: Tensor, other: Other)
    ) rethrows -> (loss: Float, gradients: ParameterGradients, other: Other) {
        let (loss, gradients, statisticSink, other) = try recordedGradients(of: body)
        if loss.isFinite { statisticSink.write(to: &statistics) }
        return (loss, gradients, other)
    }

    /// The same, with the statistics not brought up to date yet.
    mutating func recordedGradients<Other>(
        of body: (Network) throws -> (loss: Tensor, other: Other)
    ) rethrows -> (loss: Float, gradients: ParameterGradients, statistics: StatisticSink, other: Other) {
        let sink = GradientSink(layout: parameters.layout)
        random = random.stream(random.operation + 1)
        let statisticSink = StatisticSink()
        var binder = Binder(
            reading: parameters, statistics: statistics, sink: sink, statisticSink: statisticSink, random: random)
        let (loss, other) = try body(build(&binder))
        // Where the walk back computes a part again, its statistics have been counted.
        statisticSink.close()
        require(loss.count == 1, "a loss is a scalar, not a tensor of shape \(loss.shape)")
        gatherParameterGradients(of: loss)
        return (loss.scalar, sink.gathered(), statisticSink, other)
    }
}
