import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that writes the name of what a picture shows, letter by letter.
public struct DescribeTask: StoredTask {
    private var training: TrainingImages
    private let test: LabelledImages
    private let names: ClassNames

    // Pictures that are judged at a time.
    private static let judgedTogether = 1000

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
            + configuration.cell.trainingBytes(
                inputSize: tokens, hiddenSize: configuration.hiddenSize, layers: 1, outputSize: tokens, rows: rows,
                outputRows: rows)
    }

    /// The whole batches of the pictures that are not held back.
    public var stepsPerEpoch: Int { training.batchCount }

    /// The pictures of a batch.
    public var itemsPerStep: Int { training.batchSize }

    /// The most names that are exact, of the pictures held back.
    public var criterion: Evaluation.Criterion { .highest("exact") }

    /// Draws the order of the pictures.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) { training.shuffle(random) }

    /// The mean cross-entropy of a batch's letters, each after the right ones before it.
    public func loss(
        of network: DescribeNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        let batch = SpelledPictures(training.images, training.batch(position), names: names)
        let logits = network(batch.pictures, reading: batch.read)
        return (sequenceLoss(logits: logits, targets: batch.written, weights: batch.weights), [])
    }

    /// Loss and share of exact names on the pictures held back; nil where there are none.
    public func validation(of network: DescribeNetwork) -> Evaluation? {
        training.heldBack.isEmpty
            ? nil : Self.judge(network, on: training.images, training.heldBack, names: names).evaluation
    }

    /// The mean cross-entropy of the letters of labelled pictures' names, the share of pictures that are named exactly
    /// ("exact"), and what was written of each.
    public static func judge(
        _ network: DescribeNetwork, on images: LabelledImages, _ range: Range<Int>, names: ClassNames
    ) -> (evaluation: Evaluation, written: [[Int32]]) {
        var (sum, letters) = (0.0, 0.0)
        var written: [[Int32]] = []
        for begin in stride(from: range.lowerBound, to: range.upperBound, by: judgedTogether) {
            let part = begin..<min(begin + judgedTogether, range.upperBound)
            let batch = SpelledPictures(images, part, names: names)
            let losses = sequenceLossPerElement(
                logits: network(batch.pictures, reading: batch.read), targets: batch.written, weights: batch.weights)
            sum += Double(losses.sum().scalar)
            letters += Double(batch.weights.sum().scalar)
            written += network.spellings(of: batch.pictures, longest: names.longest)
        }
        let exact = zip(range, written).count { names.spelling(of: Int(images.labels[$0])) == $1 }
        let evaluation = Evaluation(
            loss: sum / letters, measures: ["exact": Double(exact) / Double(range.count)])
        return (evaluation, written)
    }

    /// The first test pictures with what is written of them, and the first of those that are named wrong.
    public func pictures(of network: DescribeNetwork) -> [(name: String, picture: any SVGPicture)] {
        let written = Self.judge(network, on: test, 0..<test.count, names: names).written
        let images = written.enumerated().map { index, spelling in
            let (text, name) = (names.text(of: spelling), names.names[Int(test.labels[index])])
            return (index: index, isRight: text == name, caption: text == name ? text : "\(text), not \(name)")
        }
        func grid(_ title: String, _ chosen: some Collection<(index: Int, isRight: Bool, caption: String)>) -> ImageGrid
        {
            ImageGrid(
                title: title,
                images: chosen.map { image in
                    ImageGrid.Image(
                        pixels: test.picture(image.index).map { Double($0) / 255 }, width: test.columns,
                        caption: image.caption)
                })
        }
        let wrong = images.filter { !$0.isRight }.prefix(21)
        return [("named", grid("The first test pictures, named", images.prefix(21)))]
            + (wrong.isEmpty ? [] : [("misnamed", grid("Test pictures named wrong, the first", wrong))])
    }

    /// The dense layer from the picture to the first state, the recurrent layer that reads letters, and the dense layer
    /// to the next.
    public static func graph(
        _ configuration: DescribeConfiguration, _ preparation: DescribePreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let tokens = preparation.names.tokenCount
        let nodes = [
            NetworkGraph.Node("picture", kind: "one vector", shape: "[batch, \(preparation.pixels)]"),
            NetworkGraph.Node(
                "encoder", kind: "dense, tanh", shape: "the first state", parameters: parameters.count(of: "encoder")),
            NetworkGraph.Node("letters", kind: "one-hot", shape: "[time, batch, \(tokens)]"),
            NetworkGraph.Node(
                "cell", kind: configuration.cell.title, shape: "[time, batch, \(configuration.hiddenSize)]",
                parameters: parameters.count(of: "cell"), state: configuration.cell.stateNames),
            NetworkGraph.Node(
                "output", kind: "dense", shape: "[time, batch, \(tokens)]", parameters: parameters.count(of: "output")),
            NetworkGraph.Node("loss", kind: "softmax cross-entropy", shape: "[]"),
        ]
        let edges = [
            ("picture", "encoder"), ("encoder", "cell"), ("letters", "cell"), ("cell", "output"), ("output", "loss"),
        ]
        return NetworkGraph(
            title: "From a picture to its name", nodes: nodes, edges: edges.map { NetworkGraph.Edge($0, $1) })
    }
}
