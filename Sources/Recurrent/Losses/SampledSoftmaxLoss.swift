import Foundation

/// The cross-entropy of every row over its label and a few classes drawn instead of over all: weights
/// `[classes, features]`, biases `[classes]`, inputs `[..., features]`, labels `[...]`, result `[...]`, in nats.
///
/// TensorFlow's `sampled_softmax_loss`, for training with very many classes (Jean et al., "On using very large target
/// vocabulary for neural machine translation", 2015). The logarithm of the expected count is taken from every logit,
/// and a class drawn that is the row's own label does not count. The loss is another than that over all classes, and
/// smaller; its gradient comes to agree in expectation as more classes are drawn. For weights that are updated lazily
/// (`RowUpdates`) only the rows of labels and drawn classes cost anything.
public func sampledSoftmaxLoss(
    weights: Tensor, biases: Tensor, inputs: Tensor, labels: IntegerTensor, candidates: SampledCandidates
) -> Tensor {
    require(
        weights.rank == 2 && biases.shape == [weights.shape[0]],
        "weights of shape \(weights.shape) and biases of shape \(biases.shape) do not make logits")
    let features = weights.shape[1]
    require(
        inputs.shape == labels.shape + [features],
        "inputs of shape \(inputs.shape) for labels of shape \(labels.shape) and weights of shape \(weights.shape)")
    require(
        candidates.labelExpectedCounts.count == labels.count,
        "expected counts of \(candidates.labelExpectedCounts.count) labels, where there are \(labels.count)")
    func logarithms(_ counts: [Double]) -> Tensor {
        Tensor(counts.map { log($0) }, shape: [counts.count]).converted(to: inputs.precision)
    }
    let rows = labels.count
    let x = inputs.reshaped([rows, features])
    let own = labels.reshaped([rows])
    let drawn = candidates.classes
    let ownBiases = biases.gather(own) - logarithms(candidates.labelExpectedCounts)
    let ownLogits = (x * weights.gather(own)).sum(along: [1]) + ownBiases
    let drawnBiases = biases.gather(drawn) - logarithms(candidates.expectedCounts)
    var drawnLogits = affine(x, weights.gather(drawn).transposed(), drawnBiases)
    if let hits = accidentalHits(own, drawn, precision: x.precision) { drawnLogits = drawnLogits + hits }
    let logits = Tensor.concatenated([ownLogits.reshaped([rows, 1]), drawnLogits], axis: 1)
    let first = IntegerTensor(Array(repeating: 0, count: rows), shape: [rows])
    return sparseSoftmaxCrossEntropy(logits: logits, labels: first).reshaped(labels.shape)
}

/// What takes the labels among the classes drawn out of their rows: `[labels, drawn]`, or nil where there are none.
private func accidentalHits(_ labels: IntegerTensor, _ drawn: IntegerTensor, precision: Precision) -> Tensor? {
    let places = Dictionary(grouping: drawn.values.indices) { drawn.values[$0] }
    guard labels.values.contains(where: { places[$0] != nil }) else { return nil }
    var hits = [Float](repeating: 0, count: labels.count * drawn.count)
    for (row, label) in labels.values.enumerated() {
        for place in places[label, default: []] { hits[row * drawn.count + place] = -1e30 }
    }
    return Tensor(hits, shape: [labels.count, drawn.count]).converted(to: precision)
}
