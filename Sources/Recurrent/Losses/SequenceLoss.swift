// TensorFlow's `sequence_loss(logits, targets, weights, average_across_timesteps, average_across_batch)` decides by two
// flags what shape it returns. Here every shape is a function:
//
// | TensorFlow's flags (time steps, batch) | here | shape |
// |---|---|---|
// | true, true (its default) | `sequenceLoss` | [] |
// | true, false | `sequenceLossPerSequence` | [batch] |
// | false, true | `sequenceLossPerStep` | [time] |
// | false, false | `sequenceLossPerElement` | [time, batch] |

/// The weighted mean cross-entropy of all elements: the sum of weighted losses over the sum of weights.
///
/// Logits `[time, batch, classes]`, targets and weights `[time, batch]`; weights are 1 where none are given. As in
/// TensorFlow, 1e-12 is added to the sum of weights.
public func sequenceLoss(logits: Tensor, targets: IntegerTensor, weights: Tensor? = nil) -> Tensor {
    guard let weights else { return sparseSoftmaxCrossEntropy(logits: logits, labels: targets).mean() }
    return weighted(logits, targets, weights).sum() / (weights.sum() + 1e-12)
}

/// The weighted mean cross-entropy of every sequence: shape `[batch]`. Shapes as in `sequenceLoss`.
public func sequenceLossPerSequence(logits: Tensor, targets: IntegerTensor, weights: Tensor? = nil) -> Tensor {
    guard let weights else { return sparseSoftmaxCrossEntropy(logits: logits, labels: targets).mean(along: [0]) }
    return weighted(logits, targets, weights).sum(along: [0]) / (weights.sum(along: [0]) + 1e-12)
}

/// The weighted mean cross-entropy of every time step: shape `[time]`. Shapes as in `sequenceLoss`.
public func sequenceLossPerStep(logits: Tensor, targets: IntegerTensor, weights: Tensor? = nil) -> Tensor {
    guard let weights else { return sparseSoftmaxCrossEntropy(logits: logits, labels: targets).mean(along: [1]) }
    return weighted(logits, targets, weights).sum(along: [1]) / (weights.sum(along: [1]) + 1e-12)
}

/// The weighted cross-entropy of every element: shape `[time, batch]`. Shapes as in `sequenceLoss`.
public func sequenceLossPerElement(logits: Tensor, targets: IntegerTensor, weights: Tensor? = nil) -> Tensor {
    guard let weights else { return sparseSoftmaxCrossEntropy(logits: logits, labels: targets) }
    return weighted(logits, targets, weights)
}

private func weighted(_ logits: Tensor, _ targets: IntegerTensor, _ weights: Tensor) -> Tensor {
    require(
        weights.shape == targets.shape, "weights of shape \(weights.shape) for targets of shape \(targets.shape)")
    return sparseSoftmaxCrossEntropy(logits: logits, labels: targets) * weights
}
