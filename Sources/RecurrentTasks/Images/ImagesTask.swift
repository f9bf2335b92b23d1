import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that reads pictures row by row.
public struct ImagesTask: StoredTask, BatchedTask {
    /// Which of the pictures that are not held back stand together.
    public var plan: BatchPlan
    private let training: TrainingImages
    private let test: LabelledImages
    private let classNames: [String]
    /// What there is to say of the labels.
    package let remarks: [String]

    /// Reads the pictures of the directory.
    public static func read(_ configuration: ImagesConfiguration) throws -> ImagesSource {
        try ImagesSource(directory: configuration.data)
    }

    /// The pictures' size and the number of classes.
    public static func prepare(_ source: ImagesSource, _ configuration: ImagesConfiguration) -> ImagesPreparation {
        ImagesPreparation(of: source.data)
    }

    /// Whether sizes and the number of classes are such as pictures have.
    public static func check(_ preparation: ImagesPreparation, _ configuration: ImagesConfiguration) throws {
        try preparation.check()
    }

    /// Puts pictures aside for validation.
    public init(_ configuration: ImagesConfiguration, preparation: ImagesPreparation, source: ImagesSource) throws {
        (classNames, remarks) = (preparation.classNames, preparation.remarks)
        test = try preparation.classified(source.data.test, name: source.name)
        training = try TrainingImages(source, preparation, configuration)
        plan = training.plan
    }

    /// Bytes that training will need, roughly.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        configuration.stack.trainingBytes(
            inputSize: preparation.columns, outputSize: preparation.classes,
            rows: preparation.rows * configuration.batchSize, outputRows: configuration.batchSize)
    }

    /// The highest accuracy on the pictures held back.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// The mean cross-entropy of a batch.
    public func loss(of network: ImagesNetwork, position: Int) -> Tensor {
        let (pictures, labels) = training.images.batch(training.places(plan[position]))
        return sparseSoftmaxCrossEntropy(logits: network(pictures), labels: labels).mean()
    }

    /// Loss and accuracy on the pictures held back; nil where there are none.
    public func validation(of network: ImagesNetwork) -> Evaluation? {
        guard !training.heldBack.isEmpty else { return nil }
        let found = Self.evaluate(network, on: training.images, training.heldBack, classNames: classNames)
        return Evaluation(loss: found.loss, measures: ["accuracy": found.confusion.accuracy])
    }

    /// The mean loss on labelled pictures, what was taken for what, and the class that each was taken for.
    package static func evaluate(
        _ network: ImagesNetwork, on images: LabelledImages, _ range: Range<Int>, classNames: [String]
    ) -> (loss: Double, confusion: ConfusionMatrix, guesses: [Int32]) {
        var confusion = ConfusionMatrix(classNames: classNames)
        var guesses: [Int32] = []
        let parts = ExampleParts.inOrder(range.count, size: 1000)
        let loss = Evaluation.meanLoss(over: parts) { part in
            let (pictures, labels) = images.batch(part.map { range.lowerBound + $0 })
            let logits = network(pictures)
            confusion.add(logits: logits, labels: labels)
            guesses += logits.argmax().values
            return (Double(sparseSoftmaxCrossEntropy(logits: logits, labels: labels).sum().scalar), part.count)
        }
        return (loss, confusion, guesses)
    }

    /// The confusion matrix of the test pictures, and some of those that were misread.
    public func pictures(of network: ImagesNetwork) -> [NamedPicture] {
        let found = Self.evaluate(network, on: test, 0..<test.count, classNames: classNames)
        let misread = found.guesses.enumerated().lazy
            .filter { $0.element != Int32(test.labels[$0.offset]) }.prefix(40)
            .map { index, guess in
                test.captioned(index, "\(classNames[Int(test.labels[index])]), read \(classNames[Int(guess)])")
            }
        let grid = ImageGrid(title: "Misread test pictures, the first", images: Array(misread))
        let matrix = found.confusion.picture(title: "Test pictures: actual and predicted")
        return [NamedPicture("confusion-matrix", matrix)] + (misread.isEmpty ? [] : [NamedPicture("misread", grid)])
    }

    /// The picture's rows, the recurrent layers, and the dense layer on the last hidden state.
    public static func graph(
        _ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let rows = "[\(preparation.rows), batch, \(preparation.columns)]"
        return configuration.stack.graph(
            "Pictures read row by row", from: .init("picture", kind: "rows as time steps", shape: rows),
            steps: "\(preparation.rows)",
            to: .layer(kind: "dense, of the last step", shape: "[batch, \(preparation.classes)]", parameters),
            loss: "softmax cross-entropy", parameters: parameters)
    }
}

extension LabelledImages {
    /// A picture with a caption, to be drawn.
    func captioned(_ index: Int, _ caption: String) -> ImageGrid.Image {
        ImageGrid.Image(pixels: picture(index).map { Double($0) / 255 }, width: columns, caption: caption)
    }
}

/// Recurrent layers that read a picture row by row, and a dense layer from the last step to the classes' logits.
public struct ImagesNetwork: StoredNetwork, Sendable {
    private let layers: RecurrentStack.Cells
    private let output: Dense

    /// Makes the network of a configuration, with parameters `cell.0.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    public init(_ configuration: ImagesConfiguration, _ preparation: ImagesPreparation, _ binder: inout Binder) {
        let stack = configuration.stack
        layers = stack.cells(inputSize: preparation.columns, &binder["cell"])
        output = Dense(
            inputSize: stack.hiddenSize, outputSize: preparation.classes, initializer: stack.inputInitializer,
            &binder["output"])
    }

    /// The logits `[batch, classes]` of pictures `[rows, batch, columns]`.
    package func callAsFunction(_ pictures: Tensor) -> Tensor {
        let hidden = layers.unroll(pictures).outputs
        return output(hidden[hidden.shape[0] - 1])
    }
}
