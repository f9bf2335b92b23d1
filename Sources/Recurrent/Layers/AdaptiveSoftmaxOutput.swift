import Foundation

/// An output layer to very many classes by falling frequency, such as the words of a vocabulary, whose softmax is over all
/// classes and costs little: the adaptive softmax of Grave et al., "Efficient softmax approximation for GPUs", 2017
/// (PyTorch's `AdaptiveLogSoftmaxWithLoss`).
///
/// The head has a logit for each of the frequent classes and one for each cluster of rarer ones. A cluster tells its classes
/// apart by a projection of the input that is the narrower the rarer they are:
/// log p(class) = log p(cluster) + log p(class in its cluster). A training step computes a cluster for the rows alone whose
/// labels are in it.
///
///     let output = AdaptiveSoftmaxOutput(inputSize: 200, classes: 50_000, cutoffs: [2000, 10_000], &binder["output"])
///     let loss = output.meanLoss(hidden, labels: next)
public struct AdaptiveSoftmaxOutput: Sendable {
    /// A cluster of rare classes.
    struct Cluster: Sendable {
        let classes: Range<Int>
        /// `[input, width]`.
        let projection: Tensor
        /// From the width to the classes.
        let output: Dense

        func logits(_ x: Tensor) -> Tensor { output(x.matmul(projection)) }
    }

    /// From the input to the frequent classes, and then to the clusters.
    let head: Dense
    let clusters: [Cluster]

    /// The number of classes.
    public var classes: Int { clusters.last?.classes.upperBound ?? head.bias.count }

    /// Makes a layer with the parameters `head.weight`, `head.bias`, and of each cluster `cluster.0.projection`,
    /// `cluster.0.weight`, `cluster.0.bias` and so on. Biases begin with the logarithms of the frequencies that
    /// `LogUniformSampler` expects, weights uniformly with the variance of one over their inputs.
    /// - Parameters:
    ///   - cutoffs: The first class of every cluster, rising, from 1 to less than `classes`.
    ///   - reduction: How many times narrower than the input the first cluster's projection is, and each other's than the
    ///     one before, but 1 at least.
    public init(inputSize: Int, classes: Int, cutoffs: [Int], reduction: Int = 4, _ binder: inout Binder) {
        require(
            Self.areRising(cutoffs, below: classes), "cutoffs \(cutoffs) of \(classes) classes; expected rising ones")
        require(reduction >= 1, "a projection is \(reduction) times narrower; expected 1 or more")
        let law = LogUniformSampler(classes: classes)
        func frequency(_ classes: Range<Int>) -> Double { classes.reduce(0) { $0 + law.probability(of: $1) } }
        func weights(_ inputs: Int) -> Initializer {
            let bound = Float((3 / Double(inputs)).squareRoot())
            return .uniform(from: -bound, to: bound)
        }
        func logarithms(_ frequencies: [Double]) -> Initializer {
            Initializer { _, _ in frequencies.map { Float(log($0)) } }
        }
        let places = zip(cutoffs, cutoffs.dropFirst() + [classes]).map { $0..<$1 }
        let frequent = (0..<(cutoffs.first ?? classes)).map(law.probability(of:))
        head = Dense(
            inputSize: inputSize, outputSize: frequent.count + places.count, initializer: weights(inputSize),
            biasInitializer: logarithms(frequent + places.map(frequency)), &binder["head"])
        var width = inputSize
        var clusters: [Cluster] = []
        for (number, classes) in places.enumerated() {
            width = Swift.max(1, width / reduction)
            let name = "cluster.\(number)"
            let projection = binder.weight(
                "\(name).projection", [inputSize, width], initializer: weights(inputSize))
            let output = Dense(
                inputSize: width, outputSize: classes.count, initializer: weights(width),
                biasInitializer: logarithms(classes.map(law.probability(of:))), &binder[name])
            clusters.append(Cluster(classes: classes, projection: projection, output: output))
        }
        self.clusters = clusters
    }

    init(head: Dense, clusters: [Cluster]) { (self.head, self.clusters) = (head, clusters) }

    /// Whether cutoffs rise, from 1 to less than the number of classes.
    package static func areRising(_ cutoffs: [Int], below classes: Int) -> Bool {
        zip([0] + cutoffs, cutoffs + [classes]).allSatisfy { $0 < $1 }
    }

    private var frequentCount: Int { head.bias.count - clusters.count }

    /// The logarithms of the probabilities of all classes: `[..., input]` to `[..., classes]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (logarithms, axis) = (head(x).logSoftmax(), x.rank - 1)
        var parts = [logarithms.slice(axis: axis, 0..<frequentCount)]
        for (number, cluster) in clusters.enumerated() {
            let place = frequentCount + number
            parts.append(cluster.logits(x).logSoftmax() + logarithms.slice(axis: axis, place..<place + 1))
        }
        return Tensor.concatenated(parts, axis: axis)
    }

    /// The mean cross-entropy, in nats, of inputs `[..., input]` and labels `[...]`.
    public func meanLoss(_ inputs: Tensor, labels: IntegerTensor) -> Tensor {
        let x = inputs.reshaped([labels.count, inputs.shape[inputs.rank - 1]])
        var heads = labels.values
        var places = clusters.map { _ in [Int32]() }
        for (row, label) in labels.values.enumerated() where label >= frequentCount {
            guard let number = clusters.firstIndex(where: { $0.classes.contains(Int(label)) }) else { continue }
            heads[row] = Int32(frequentCount + number)
            places[number].append(Int32(row))
        }
        var sum = sparseSoftmaxCrossEntropy(logits: head(x), labels: IntegerTensor(heads)).sum()
        for (cluster, rows) in zip(clusters, places) where !rows.isEmpty {
            let own = rows.map { labels.values[Int($0)] - Int32(cluster.classes.lowerBound) }
            sum =
                sum
                + sparseSoftmaxCrossEntropy(
                    logits: cluster.logits(x.gather(IntegerTensor(rows))), labels: IntegerTensor(own)
                ).sum()
        }
        return sum / Float(labels.count)
    }

    /// One layer that gives the head's logits and then those of the clusters' classes, for `logits(ofAll:)`.
    package var flattened: Dense {
        Dense(
            weight: Tensor.concatenated(
                [head.weight] + clusters.map { $0.projection.matmul($0.output.weight) }, axis: 1),
            bias: Tensor.concatenated([head.bias] + clusters.map(\.output.bias), axis: 0))
    }

    /// Logits of all classes from the outputs of `flattened` for one row, which is longer by a logit for each cluster.
    package func logits(ofAll outputs: UnsafeBufferPointer<Float>, into logits: inout [Float]) {
        if logits.count != classes { logits = Array(repeating: 0, count: classes) }
        guard let given = outputs.baseAddress else { return }
        let kernels = Precision.single.kernels
        logits.withUnsafeMutableBufferPointer { logits in
            guard let all = logits.baseAddress else { return }
            all.update(from: given, count: frequentCount)
            for (number, cluster) in clusters.enumerated() {
                let (first, count) = (cluster.classes.lowerBound, Int64(cluster.classes.count))
                // The clusters' own logits stand between those of the frequent classes and those of the others.
                let own = given + first + clusters.count
                var (label, loss, normalizer) = (Int32(0), Float(0), Float(0))
                kernels.pointee.cross_entropy(own, &label, 1, count, &loss, &normalizer)
                kernels.pointee.fill(all + first, Double(given[frequentCount + number] - normalizer), count)
                kernels.pointee.add_scaled(all + first, own, 1, count)
            }
        }
    }
}
