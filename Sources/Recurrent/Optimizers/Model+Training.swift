extension Model {
    /// One training step: the loss that `body` computes, its gradients, clipping, and the optimiser's update.
    @discardableResult
    public mutating func train(
        with optimizer: inout some Optimizer, clipping: GradientClipping = .none,
        loss body: (Network) throws -> Tensor
    ) rethrows -> TrainingStep<Void> {
        try train(with: &optimizer, clipping: clipping) { (try body($0), ()) }
    }

    /// One training step whose `body` also gives something else, such as the carried state, detached.
    @discardableResult
    public mutating func train<Other>(
        with optimizer: inout some Optimizer, clipping: GradientClipping = .none,
        lossAndOther body: (Network) throws -> (loss: Tensor, other: Other)
    ) rethrows -> TrainingStep<Other> {
        let (loss, gradients, statisticSink, other) = try recordedGradients(of: body)
        let norm = gradients.globalNorm
        if loss.isFinite && norm.isFinite {
            statisticSink.write(to: &statistics)
            let scale = clipping.apply(to: gradients, globalNorm: norm)
            optimizer.update(&parameters, gradients: gradients, scale: scale)
        }
        return TrainingStep(loss: loss, gradientNorm: norm, other: other)
    }
}

/// What a training step found.
public struct TrainingStep<Other> {
    /// The loss before the update.
    public let loss: Float
    /// The global norm of the gradients before clipping.
    public let gradientNorm: Double
    /// What the step's body gave beside the loss.
    public let other: Other

    /// Puts together what a step found.
    package init(loss: Float, gradientNorm: Double, other: Other) {
        self.loss = loss
        self.gradientNorm = gradientNorm
        self.other = other
    }

    /// Whether the loss and the gradients were finite. Where they were not, the parameters were left as they were.
    public var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}
