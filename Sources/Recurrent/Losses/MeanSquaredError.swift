/// The mean of squared differences of two tensors of one shape.
public func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    require(
        predictions.shape == targets.shape, "predictions \(predictions.shape) and targets \(targets.shape) differ")
    return (predictions - targets).squared().mean()
}
