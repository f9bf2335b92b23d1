/// The part of rows whose largest logit is the label's: logits `[..., classes]`, labels `[...]`.
public func accuracy(logits: Tensor, labels: IntegerTensor) -> Float {
    topAccuracy(1, logits: logits, labels: labels)
}

/// The part of rows whose label is among the `k` largest logits: TensorFlow's `in_top_k`, averaged.
///
/// Logits equal to the label's do not displace it. A row whose label's logit is not finite counts as wrong.
public func topAccuracy(_ k: Int, logits: Tensor, labels: IntegerTensor) -> Float {
    require(
        logits.rank >= 1 && Array(logits.shape.dropLast()) == labels.shape,
        "logits of shape \(logits.shape) need labels of shape \(Array(logits.shape.dropLast())), not \(labels.shape)")
    require(k >= 1, "top-k accuracy needs a k of at least 1, not \(k)")
    let columns = logits.shape[logits.rank - 1]
    let values = logits.values
    var right = 0
    for (row, label) in labels.values.enumerated() {
        require(label >= 0 && label < columns, "the label \(label) lies outside the \(columns) classes")
        let scores = values[row * columns..<(row + 1) * columns]
        let own = scores[row * columns + Int(label)]
        if own.isFinite && scores.count(where: { $0 > own }) < k { right += 1 }
    }
    return labels.count == 0 ? 0 : Float(right) / Float(labels.count)
}
