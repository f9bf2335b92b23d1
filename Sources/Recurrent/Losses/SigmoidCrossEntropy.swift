/// The cross-entropy of independent yes-or-no predictions, element by element, in nats: logits and targets of one
/// shape.
///
/// A target is the probability of yes, 0 to 1. TensorFlow's `sigmoid_cross_entropy_with_logits`, in its stable form
/// max(x, 0) - x z + log(1 + e^-|x|). For a label of several classes at once, sum over the classes. Targets are data:
/// no gradient flows to them.
public func sigmoidCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    require(
        logits.shape == targets.shape, "logits of shape \(logits.shape) for targets of shape \(targets.shape)")
    let targets = targets.detached()
    return Tensor.operation([logits]) { inputs in
        let x = inputs[0]
        let result = x.relu() - x * targets + (x.magnitude * -1).softplus()
        return (result, { gradient in [gradient * (x.sigmoid() - targets)] })
    }
}
