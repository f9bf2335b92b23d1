import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that writes the name of what a picture shows, letter by letter.
public struct DescribeTask: StoredTask, BatchedTask {
    /// Which of the pictures that are not held back stand together.
    public var plan: BatchPlan
    private let training: TrainingImages
    private let test: LabelledImages
    private let names: ClassNames
    /// What there is to say of the labels.
    package let remarks: [String]

    /// Reads the pictures of the directory.
    public static func read(_ configuration: DescribeConfiguration) throws -> ImagesSource {
        try ImagesSource(directory: configuration.data)
    }

    /// The pictures' size, and the names of the classes.
    public static func prepare(
        _ source: ImagesSource, _ configuration: DescribeConfiguration
    ) throws -> DescribePreparation {
        let images = ImagesPreparation(of: source.data)
        let (labels, path) = (images.labels, configuration.names)
        let names =
            try path.map { try ClassNames(path: $0) } ?? ClassNames(Array(ClassNames.digits[labels.lowerBound...]))
        // Where labels are counted from 1, a name too many may be that of a class 0.
        guard names.names.count >= labels.count,
            path == nil || labels.lowerBound == 0 || names.names.count == labels.count
        else {
            let numbers = labels.lowerBound == 0 ? "" : ", 1 to \(labels.count)"
            throw RecurrentError(
                "\(path ?? "the names of the digits"): there are \(names.names.count) names; \(source.name) has "
                    + "\(labels.count) classes\(numbers); expected `names`: a file with a name for each, one a line")
        }
        return DescribePreparation(images: images, names: names)
    }

    /// Whether sizes are such as pictures have, and every class has a name.
    public static func check(_ preparation: DescribePreparation, _ configuration: DescribeConfiguration) throws {
        try preparation.images.check()
        guard preparation.names.names.count >= preparation.images.classes else {
            throw RecurrentError(
                "there are \(preparation.names.names.count) names for \(preparation.images.classes) classes")
        }
    }

    /// Puts pictures aside for validation.
    public init(_ configuration: DescribeConfiguration, preparation: DescribePreparation, source: ImagesSource) throws {
        (names, remarks) = (preparation.names, preparation.images.remarks)
        test = try preparation.images.classified(source.data.test, name: source.name)
        training = try TrainingImages(source, preparation.images, configuration)
        plan = training.plan
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        let rows = preparation.names.longest * configuration.batchSize
        let tokens = preparation.names.tokenCount
        return 4 * Double(preparation.pixels) * Double(8 * 2 * configuration.hiddenSize + configuration.batchSize)
            + configuration.stack.trainingBytes(inputSize: tokens, outputSize: tokens, rows: rows, outputRows: rows)
    }

    /// The most names that are exact, of the pictures held back.
    public var criterion: Evaluation.Criterion { .highest("exact") }

    /// The mean cross-entropy of a batch's letters, each after the right ones before it.
    public func loss(of network: DescribeNetwork, position: Int) -> Tensor {
        let batch = SpelledPictures(training.images, training.places(plan[position]), names: names)
        let logits = network(batch.pictures, reading: batch.read)
        return sequenceLoss(logits: logits, targets: batch.written, weights: batch.weights)
    }

    /// Loss and share of exact names on the pictures held back; nil where there are none.
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
        let parts = ExampleParts.inOrder(range.count, size: 1000)
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

/// A sequence from one vector: a dense layer makes the first state of a recurrent layer from a picture's pixels, and the
/// layer writes a name, reading each letter that it has written before the next.
public struct DescribeNetwork: StoredNetwork, Sendable {
    private let encoder: Dense
    private let cell: AnyCell
    private let output: Dense

    private var tokens: Int { output.bias.shape[0] }

    /// Makes the network of a configuration, with parameters `encoder.weight` and `encoder.bias`, `cell.inputWeight` and
    /// so on, `output.weight` and `output.bias`.
    public init(_ configuration: DescribeConfiguration, _ preparation: DescribePreparation, _ binder: inout Binder) {
        let tokens = preparation.names.tokenCount
        cell = configuration.cell.make(
            inputSize: tokens, hiddenSize: configuration.hiddenSize, &binder["cell"])
        encoder = Dense(
            inputSize: preparation.pixels, outputSize: cell.zeroState(batch: 1).concatenated().shape[1],
            &binder["encoder"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: tokens, &binder["output"])
    }

    private func initialState(_ pictures: Tensor) -> AnyCell.State {
        let batch = pictures.shape[0]
        return AnyCell.State(concatenated: encoder(pictures).tanh(), like: cell.zeroState(batch: batch))
    }

    /// The logits `[time, batch, tokens]` of the token after each of `read` `[time, batch]`, which begins with the end
    /// token; pictures `[batch, pixels]`.
    package func callAsFunction(_ pictures: Tensor, reading read: IntegerTensor) -> Tensor {
        output(cell.unroll(read.oneHot(depth: tokens), from: initialState(pictures)).outputs)
    }

    /// What is written of pictures `[batch, pixels]`, always the most likely token after those before: hypotheses of at
    /// most `longest` letters. A name begins after the end token, which is the last of all tokens.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package func spellings(of pictures: Tensor, longest: Int) throws -> [Hypothesis] {
        let end = Int32(tokens - 1)
        let search = try GreedySearch(
            maximumLength: longest, tokens: DecodingTokens(begin: end, end: end, excluded: []))
        return try search(from: initialState(pictures), rows: pictures.shape[0]) { read, state in
            let step = cell.unroll(read.reshaped([1, read.count]).oneHot(depth: tokens), from: state)
            let logits = output(step.outputs)[0]
            return DecodingStep(logProbabilities: logits.logSoftmax(), state: step.state)
        }
    }
}

/// Pictures of a batch and the names that are to be written of them.
struct SpelledPictures {
    /// The pixels from 0 to 1, `[batch, pixels]`.
    let pictures: Tensor
    /// The end token, and all letters but a name's last: what the network reads, `[time, batch]`.
    let read: IntegerTensor
    /// The letters and the end: what it is to write, `[time, batch]`.
    let written: IntegerTensor
    /// 1 for every step of a name, 0 past its end, `[time, batch]`.
    let weights: Tensor

    init(_ images: LabelledImages, _ indices: some Collection<Int>, names: ClassNames) {
        let pixels = images.batch(indices).inputs.swappingTimeAndBatch()
        pictures = pixels.reshaped([indices.count, images.rows * images.columns])
        let spellings = indices.map { names.spelling(of: Int(images.labels[$0])) }
        let padded = PaddedBatch(spellings)
        written = padded.tokens
        read = PaddedBatch(spellings.map { [names.endToken] + $0.dropLast() }).tokens
        weights = runningSteps(padded.lengths, time: written.shape[0]).reshaped(written.shape)
    }
}
