/// How often examples of each class were taken for each class, and what follows: accuracy, precision, recall and F1.
///
///     var matrix = ConfusionMatrix(classNames: ["cat", "dog"])
///     matrix.add(logits: network(images), labels: labels)
///     print(matrix.accuracy, matrix.recall(of: 1))
public struct ConfusionMatrix: Equatable, Sendable {
    /// The names of the classes.
    package let classNames: [String]
    /// The numbers of examples, `[actual][predicted]`.
    public private(set) var counts: [[Int]]

    /// A matrix without any examples yet.
    public init(classNames: [String]) {
        self.classNames = classNames
        counts = Array(repeating: Array(repeating: 0, count: classNames.count), count: classNames.count)
    }

    /// Counts an example.
    public mutating func add(actual: Int, predicted: Int) {
        let classes = classNames.indices
        require(
            classes.contains(actual) && classes.contains(predicted),
            "class \(actual) taken for class \(predicted), where there are \(classes.count) classes")
        counts[actual][predicted] += 1
    }

    /// Counts a batch, in which the class of the largest logit is the predicted one: logits `[batch, classes]`, labels
    /// `[batch]`.
    public mutating func add(logits: Tensor, labels: IntegerTensor) {
        require(
            logits.shape == labels.shape + [classNames.count],
            "logits of shape \(logits.shape) for labels of shape \(labels.shape) and \(classNames.count) classes")
        for (label, predicted) in zip(labels.values, logits.argmax().values) {
            add(actual: Int(label), predicted: Int(predicted))
        }
    }

    /// The number of examples.
    public var count: Int { counts.joined().reduce(0, +) }

    /// The number of examples of a class.
    public func support(of label: Int) -> Int { counts[label].reduce(0, +) }

    /// The number of examples that were taken for a class.
    func predictedCount(of label: Int) -> Int { counts.reduce(0) { $0 + $1[label] } }

    /// The share of examples that were taken for what they are; 0 where there are none.
    public var accuracy: Double { Self.share(classNames.indices.reduce(0) { $0 + counts[$1][$1] }, of: count) }

    /// The share of those taken for a class that are of it; 0 where none were.
    public func precision(of label: Int) -> Double { Self.share(counts[label][label], of: predictedCount(of: label)) }

    /// The share of a class's examples that were taken for it; 0 where there are none.
    public func recall(of label: Int) -> Double { Self.share(counts[label][label], of: support(of: label)) }

    /// The harmonic mean of a class's precision and recall; 0 where both are.
    public func f1(of label: Int) -> Double {
        Self.share(2 * counts[label][label], of: support(of: label) + predictedCount(of: label))
    }

    /// The mean of a measure over the classes that occur, as actual or as predicted ones, each counting the same:
    /// `matrix.macroAverage(matrix.recall)`. Scikit-learn's "macro avg".
    public func macroAverage(_ measure: (Int) -> Double) -> Double {
        let occurring = classNames.indices.filter { support(of: $0) + predictedCount(of: $0) > 0 }
        return occurring.isEmpty ? 0 : occurring.reduce(0) { $0 + measure($1) } / Double(occurring.count)
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}
