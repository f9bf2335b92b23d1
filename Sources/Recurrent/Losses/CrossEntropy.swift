import CKernels

/// The cross-entropy of every row: logits `[..., classes]`, labels `[...]`, result `[...]`, in nats.
///
/// TensorFlow's `sparse_softmax_cross_entropy_with_logits`. Take `mean()` of it for a loss.
public func sparseSoftmaxCrossEntropy(logits: Tensor, labels: IntegerTensor) -> Tensor {
    require(
        logits.rank >= 1 && Array(logits.shape.dropLast()) == labels.shape,
        "logits of shape \(logits.shape) need labels of shape \(Array(logits.shape.dropLast())), not \(labels.shape)")
    let columns = logits.shape[logits.rank - 1]
    let rows = labels.count
    for label in labels.values {
        require(label >= 0 && label < columns, "the label \(label) lies outside the \(columns) classes")
    }
    let x = logits.detached()
    let losses = Tensor(uninitialized: labels.shape, precision: x.precision)
    let normalizers = Tensor(uninitialized: [rows], precision: x.precision)
    x.kernels.cross_entropy(
        x.pointer, labels.values, Int64(rows), Int64(columns), losses.pointerForWriting, normalizers.pointerForWriting)
    guard let link = logits.link else { return losses }
    return losses.recorded(inputs: [link]) { flow in
        let scales = flow.gradient
        let gradient = Tensor(uninitialized: x.shape, precision: x.precision)
        x.kernels.cross_entropy_gradient(
            x.pointer, labels.values, normalizers.pointer, scales.pointer, Int64(rows), Int64(columns),
            gradient.pointerForWriting)
        flow.add(gradient, to: 0)
    }
}
