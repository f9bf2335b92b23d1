import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a classifier of texts: batches of like lengths, their losses, and the accuracy on the validation part.
///
/// Every class is divided in the same shares, and one of a single text is trained and never tested. Rare classes are
/// not weighted: the loss is the mean over texts. The best of several evaluations is the one with the highest accuracy.
public struct ClassifyTask: StoredTask, BatchedTask {
    private let preparation: ClassifyPreparation
    private let examples: Parts<ClassifyExamples>
    /// Which texts stand together.
    public var plan: BatchPlan

    /// Reads the texts.
    public static func read(_ configuration: ClassifyConfiguration) throws -> ClassifySource {
        try ClassifySource(configuration, missing: "a directory or file of labelled texts") { path in
            try LabelledTexts(path: path, columns: configuration.columns, encoding: configuration.encoding)
        } write: { texts, fingerprint in
            for (text, label) in zip(texts.texts, texts.labels) {
                fingerprint.update(text: "\(texts.labelNames[label])\t\(text)\n")
            }
        }
    }

    /// The classes, and the tokens of the texts for training.
    public static func prepare(
        _ source: ClassifySource, _ configuration: ClassifyConfiguration
    ) throws -> ClassifyPreparation {
        let texts = try source.parts(configuration).training.texts
        return ClassifyPreparation(
            labelNames: source.data.whole.labelNames,
            vocabulary: try ClassifyPreparation.vocabulary(configuration.level, of: texts, name: source.name))
    }

    /// Whether the vocabulary is of the level that is configured.
    public static func check(_ preparation: ClassifyPreparation, _ configuration: ClassifyConfiguration) throws {
        try preparation.vocabulary.check(level: configuration.level)
    }

    /// Divides the texts, and turns them into tokens.
    public init(
        _ configuration: ClassifyConfiguration, preparation: ClassifyPreparation, source: ClassifySource
    ) throws {
        self.preparation = preparation
        examples = try source.parts(configuration).map { texts in
            try preparation.examples(of: texts, limit: configuration.sequenceLength, name: source.name)
        }
        plan = try BatchPlan(
            lengths: examples.training.sequences.map(\.count), batchSize: configuration.batchSize, groupedBatches: 16)
    }

    /// Bytes that training will need, roughly: for texts of the full length.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        let vocabulary = preparation.vocabulary
        let embedding = configuration.embeddingWidth(vocabulary)
        let width = embedding ?? vocabulary.size
        let rows = configuration.sequenceLength * configuration.batchSize
        let direction = configuration.stack.trainingBytes(
            inputSize: width, outputSize: ClassifyNetwork.projectionSize, rows: rows,
            outputRows: configuration.batchSize, vocabulary: embedding == nil ? 0 : vocabulary.size)
        return 2 * direction + 8 * Double(rows) * Double(width)
    }

    /// The mean cross-entropy of a batch.
    public func loss(of network: ClassifyNetwork, position: Int) -> Tensor {
        let (texts, labels) = examples.training.batch(plan[position])
        return sparseSoftmaxCrossEntropy(logits: network(texts), labels: labels).mean()
    }

    /// The mean cross-entropy and the accuracy on the validation part.
    public func validation(of network: ClassifyNetwork) -> Evaluation? {
        guard examples.validation.count > 0 else { return nil }
        let (loss, matrix) = examples.validation.evaluated(by: network, labelNames: preparation.labelNames)
        return Evaluation(loss: loss, measures: ["accuracy": matrix.accuracy])
    }

    /// The highest accuracy.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// What the texts that were kept for it are taken for.
    public func pictures(of network: ClassifyNetwork) -> [NamedPicture] {
        let kept = examples.evaluation { $0.count == 0 }.part
        let matrix = kept.evaluated(by: network, labelNames: preparation.labelNames).matrix
        return [NamedPicture("confusion-matrix", matrix.picture())]
    }

    /// The tokens, the two stacks side by side, their projections, the sum, and the dense layer to the classes.
    public static func graph(
        _ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        typealias Edge = NetworkGraph.Edge
        let tokens = NetworkGraph.Node.tokens(
            unit: preparation.vocabulary.level.rawValue, vocabulary: preparation.vocabulary.size,
            width: configuration.embeddingWidth(preparation.vocabulary), parameters)
        let projected = "[batch, \(ClassifyNetwork.projectionSize)]"
        var (nodes, edges) = ([tokens], [Edge]())
        for (direction, end) in [("forward", "last step"), ("backward", "first step")] {
            let projection = "\(direction)Projection"
            let chain =
                configuration.stack.nodes(direction, parameters: parameters)
                + [.layer(projection, shape: projected, parameters)]
            nodes += chain
            for (below, above) in zip([tokens] + chain, chain) {
                edges.append(Edge(below.name, above.name, label: above.name == projection ? end : ""))
            }
            edges.append(Edge(projection, "sum"))
        }
        nodes += [
            NetworkGraph.Node("sum", shape: projected),
            .layer(shape: "[batch, \(preparation.labelNames.count)]", parameters), .loss("softmax cross-entropy"),
        ]
        return NetworkGraph(
            title: "Classifier", nodes: nodes, edges: edges + [Edge("sum", "output"), Edge("output", "loss")])
    }
}

/// Labelled texts, and those of other files for validation and test.
public typealias ClassifySource = TaskSource<SeparableData<LabelledTexts>>

extension TaskRun<ClassifyTask> {
    /// The texts that the run kept for its test, or all of another path.
    ///
    /// - Throws: `RecurrentError` where they cannot be read, or have labels that the model does not know.
    package func evaluationExamples(of path: String?) throws -> (examples: ClassifyExamples, name: String) {
        let (texts, name) = try evaluated(of: path)
        let own = path ?? configuration.data ?? ""
        return (try preparation.examples(of: texts, limit: configuration.sequenceLength, name: own), name)
    }
}

/// Two stacks of recurrent layers over a text, one from each end, and dense layers from what they end with to the
/// classes.
///
/// The notes' many-to-one example: the stacks see each other at the end only. What each gives last, the forward one at
/// the text's last token and the backward one at its first, is projected to 128 numbers; the projections are added, and
/// projected to the logits. There are no activations between.
public struct ClassifyNetwork: StoredNetwork, Sendable {
    /// The width of the projections.
    package static let projectionSize = 128

    private let input: TokenInput
    private let layers: Bidirectional<RecurrentStack.Cells, RecurrentStack.Cells>
    private let forwardProjection: Dense
    private let backwardProjection: Dense
    private let output: Dense

    /// Makes the network of a configuration, with parameters `forward.0.inputWeight` and so on, `backward...`,
    /// `forwardProjection`, `backwardProjection`, `output`, and for words `embedding.table`.
    public init(_ configuration: ClassifyConfiguration, _ preparation: ClassifyPreparation, _ binder: inout Binder) {
        let (hidden, projected) = (configuration.hiddenSize, Self.projectionSize)
        let vocabulary = preparation.vocabulary
        input = TokenInput(
            vocabulary.size, width: configuration.embeddingWidth(vocabulary), &binder["embedding"])
        let (stack, width) = (configuration.stack, input.width)
        layers = Bidirectional(
            forward: stack.cells(inputSize: width, &binder["forward"]),
            backward: stack.cells(inputSize: width, &binder["backward"]))
        forwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["forwardProjection"])
        backwardProjection = Dense(inputSize: hidden, outputSize: projected, &binder["backwardProjection"])
        output = Dense(inputSize: projected, outputSize: preparation.labelNames.count, &binder["output"])
    }

    /// The logits `[batch, classes]` of texts. Padding is never read.
    package func callAsFunction(_ texts: PaddedBatch) -> Tensor {
        let (forward, backward) = layers.unrollSeparately(input(texts.tokens), lengths: texts.lengths)
        let last = forwardProjection(forward.outputs.lastSteps(lengths: texts.lengths))
        let first = backwardProjection(backward.outputs[0])
        return output(last + first)
    }
}
