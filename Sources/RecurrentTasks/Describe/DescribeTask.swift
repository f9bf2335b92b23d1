import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that writes the name of what a picture shows, letter by letter.
public struct DescribeTask: StoredTask, BatchedTask {
    private var training: TrainingImages
    private let test: LabelledImages
    private let names: ClassNames

    // Pictures that are evaluated at a time.
    private static let evaluatedTogether = 1000

    /// Reads the pictures of the directory.
    ///
    /// - Throws: `RecurrentError` where there is none, or its files are wrong.
    public static func read(_ configuration: DescribeConfiguration) throws -> ImagesSource {
        var images = ImagesConfiguration()
        images.data = configuration.data
        return try ImagesTask.read(images)
    }

    /// The pictures' size, and the names of the classes.
    ///
    /// - Throws: `RecurrentError` where the file of names cannot be read, or a class has no name.
    public static func prepare(
        _ source: ImagesSource, _ configuration: DescribeConfiguration
    ) throws -> DescribePreparation {
        let images = try ImagesTask.prepare(source, ImagesConfiguration())
        let names = try configuration.names.map { try ClassNames(path: $0) } ?? ClassNames(ClassNames.digits)
        guard names.names.count >= images.classes else {
            throw RecurrentError(
                "\(configuration.names ?? "the names of the digits"): there are \(names.names.count) names; "
                    + "\(source.name) has \(images.classes) classes, and `names` FILE says their names, one a line")
        }
        return DescribePreparation(images: images, names: names)
    }

    /// Whether sizes are such as pictures have, and every class has a name.
    ///
    /// - Throws: `RecurrentError` where they are not, or one has none.
    public static func check(_ preparation: DescribePreparation, _ configuration: DescribeConfiguration) throws {
        try preparation.images.check()
        guard preparation.names.names.count >= preparation.images.classes else {
            throw RecurrentError(
                "there are \(preparation.names.names.count) names for \(preparation.images.classes) classes")
        }
    }

    /// Puts pictures aside for validation.
    ///
    /// - Throws: `RecurrentError` where the pictures have another size or more classes than those the model was made
    ///   for, or are fewer than a batch.
    public init(
        _ configuration: DescribeConfiguration, preparation: DescribePreparation, source: ImagesSource
    ) throws {
        test = source.data.test
        try preparation.images.check(source.data.training, name: source.name)
        names = preparation.names
        training = try TrainingImages(
            source.data.training, batchSize: configuration.batchSize,
            validationFraction: configuration.validationFraction, name: source.name)
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: DescribeConfiguration, _ preparation: DescribePreparation, _ binder: inout Binder
    ) -> DescribeNetwork { DescribeNetwork(configuration, preparation, &binder) }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(
        _ configuration: DescribeConfiguration, _ preparation: DescribePreparation
    ) -> Double {
        let rows = preparation.names.longest * configuration.batchSize
        let tokens = preparation.names.tokenCount
        return 4 * Double(preparation.pixels) * Double(8 * 2 * configuration.hiddenSize + configuration.batchSize)
            + configuration.stack.trainingBytes(inputSize: tokens, outputSize: tokens, rows: rows, outputRows: rows)
    }

    /// Which of the pictures that are not held back stand together.
    public var plan: BatchPlan {
        get { training.plan }
        set { training.plan = newValue }
    }

    /// The most names that are exact, of the pictures held back.
    public var criterion: Evaluation.Criterion { .highest("exact") }

    /// The mean cross-entropy of a batch's letters, each after the right ones before it.
    public func loss(of network: DescribeNetwork, position: Int) -> Tensor {
        let batch = SpelledPictures(training.images, training.batch(position), names: names)
        let logits = network(batch.pictures, reading: batch.read)
        return sequenceLoss(logits: logits, targets: batch.written, weights: batch.weights)
    }

    /// Loss and share of exact names on the pictures held back; nil where there are none.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    public func validation(of network: DescribeNetwork) throws -> Evaluation? {
        training.heldBack.isEmpty
            ? nil : try Self.evaluate(network, on: training.images, training.heldBack, names: names).evaluation
    }

    /// The mean cross-entropy of the letters of labelled pictures' names, the share of pictures that are named exactly
    /// ("exact"), and what was written of each.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package static func evaluate(
        _ network: DescribeNetwork, on images: LabelledImages, _ range: Range<Int>, names: ClassNames
    ) throws -> (evaluation: Evaluation, written: [Hypothesis]) {
        var written: [Hypothesis] = []
        let parts = ExampleParts.inOrder(range.count, size: evaluatedTogether)
        let loss = try Evaluation.meanLoss(over: parts) { part in
            let batch = SpelledPictures(images, part.map { range.lowerBound + $0 }, names: names)
            let losses = sequenceLossPerElement(
                logits: network(batch.pictures, reading: batch.read), targets: batch.written, weights: batch.weights)
            written += try network.spellings(of: batch.pictures, longest: names.longest)
            return (Double(losses.sum().scalar), Int(batch.weights.sum().scalar))
        }
        let exact = zip(range, written).count { place, written in
            written.isComplete && names.spelling(of: Int(images.labels[place])).dropLast() == written.tokens[...]
        }
        return (Evaluation(loss: loss, measures: ["exact": Double(exact) / Double(range.count)]), written)
    }

    /// The first test pictures with what is written of them, and the first of those that are named wrong.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    public func pictures(of network: DescribeNetwork) throws -> [NamedPicture] {
        let written = try Self.evaluate(network, on: test, 0..<test.count, names: names).written
        let named = written.indices.map { index in
            let (text, name) = (names.text(of: written[index].tokens), names.names[Int(test.labels[index])])
            return (isRight: text == name, image: test.captioned(index, text == name ? text : "\(text), not \(name)"))
        }
        let wrong = named.filter { !$0.isRight }.prefix(21).map(\.image)
        let first = ImageGrid(title: "The first test pictures, named", images: named.prefix(21).map(\.image))
        let misnamed = ImageGrid(title: "Test pictures named wrong, the first", images: wrong)
        return [NamedPicture("named", first)] + (wrong.isEmpty ? [] : [NamedPicture("misnamed", misnamed)])
    }

    /// The dense layer from the picture to the first state, the recurrent layer that reads letters, and the dense layer
    /// to the next.
    public static func graph(
        _ configuration: DescribeConfiguration, _ preparation: DescribePreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let tokens = "[time, batch, \(preparation.names.tokenCount)]"
        let edges = [
            ("picture", "encoder"), ("encoder", "cell"), ("letters", "cell"), ("cell", "output"), ("output", "loss"),
        ]
        return NetworkGraph(
            title: "From a picture to its name",
            nodes: [
                NetworkGraph.Node("picture", kind: "one vector", shape: "[batch, \(preparation.pixels)]"),
                .layer("encoder", kind: "dense, tanh", shape: "the first state", parameters),
                NetworkGraph.Node("letters", kind: "one-hot", shape: tokens),
                configuration.stack.node("cell", parameters: parameters), .layer(shape: tokens, parameters),
                .loss("softmax cross-entropy"),
            ], edges: edges.map { NetworkGraph.Edge($0, $1) })
    }
}
