import Foundation
import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that answers questions about stories: batches of questions, their losses, and the accuracy.
///
/// Stories for validation are whole stories, so that none is trained on in part. Without any, nothing is chosen: the last
/// weights are the result.
public struct AnswerTask: StoredTask, BatchedTask {
    /// What the model is and how it is trained.
    public let configuration: AnswerConfiguration
    /// The words and the answers.
    public let preparation: AnswerPreparation
    private let training, validation, evaluated: AnswerExamples
    /// Which questions stand together.
    public var plan: BatchPlan

    /// Reads the stories, those of the test too.
    ///
    /// - Throws: `RecurrentError` naming the file and line of what cannot be used, and where a test file was named that
    ///   is not there.
    public static func read(_ configuration: AnswerConfiguration) throws -> AnswerSource {
        guard let path = configuration.data else {
            throw RecurrentError("`data` is missing; expected a file of a bAbI task")
        }
        let file = try BabiFile(path: path)
        guard let test = configuration.testData else { return AnswerSource(file: file, test: nil) }
        guard FileManager.default.fileExists(atPath: test) else {
            throw RecurrentError(
                "\(test): there is no such file; expected the stories that judge the result (`testData`, or those beside "
                    + "the data)")
        }
        return AnswerSource(file: file, test: try BabiFile(path: test))
    }

    /// The words and answers of the stories for training.
    ///
    /// - Throws: `RecurrentError` where there are too few or too many answers, or no words.
    public static func prepare(
        _ source: AnswerSource, _ configuration: AnswerConfiguration
    ) throws -> AnswerPreparation {
        try AnswerPreparation(of: source.file, stories: source.places(configuration).training)
    }

    // Batches whose questions are sorted by the lengths of their stories before they are cut into batches.
    private static let groupedBatches = 4

    /// Divides the stories, and turns them into tokens.
    ///
    /// - Throws: `RecurrentError` where an answer for training is none of the model's, or all for validation are none.
    public init(
        _ configuration: AnswerConfiguration, preparation: AnswerPreparation, source: AnswerSource
    ) throws {
        self.configuration = configuration
        self.preparation = preparation
        let places = try source.places(configuration)
        training = AnswerExamples(of: source.file, stories: places.training, preparation)
        validation = AnswerExamples(of: source.file, stories: places.validation, preparation)
        evaluated =
            source.test.map { AnswerExamples(of: $0, preparation) } ?? (validation.count > 0 ? validation : training)
        guard training.count > 0 else { throw RecurrentError("\(source.name): no question is left for training") }
        plan = try BatchPlan(
            lengths: training.stories.map(\.count), batchSize: configuration.batchSize,
            groupedBatches: Self.groupedBatches)
        if let unknown = training.firstUnknownAnswer {
            throw RecurrentError(
                "\(unknown) is none of the model's answers: "
                    + preparation.answers.prefix(20).map { "\"\($0.prefix(40))\"" }.joined(separator: ", "))
        }
        guard validation.count == 0 || validation.answers.contains(where: { $0 != nil }) else {
            throw RecurrentError(
                "\(source.name): none of the \(validation.count) answers of the validation part is among those of the "
                    + "training part; expected another `validationFraction` or `seed`")
        }
    }

    /// The network of a configuration.
    public static func makeNetwork(
        _ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, _ binder: inout Binder
    ) -> AnswerNetwork {
        AnswerNetwork(configuration, preparation, &binder)
    }

    /// Bytes that training will need, roughly: for a batch of the longest story.
    public static func estimatedBytes(
        _ configuration: AnswerConfiguration, _ preparation: AnswerPreparation
    ) -> Double {
        let width = configuration.embeddingSize
        func layers(_ length: Int, _ hiddenSize: Int) -> Double {
            let (rows, overflows) = length.multipliedReportingOverflow(by: configuration.batchSize)
            guard !overflows else { return .infinity }
            return 24 * Double(rows) * Double(width)
                + configuration.stack(hiddenSize: hiddenSize).trainingBytes(
                    inputSize: width, outputSize: preparation.outputCount, rows: rows,
                    outputRows: configuration.batchSize, vocabulary: preparation.vocabulary.size)
        }
        return layers(preparation.longestStory, configuration.hiddenSize)
            + layers(preparation.longestQuestion, configuration.questionSize)
    }

    /// The mean cross-entropy of a batch.
    public func loss(of network: AnswerNetwork, position: Int) -> Tensor {
        let places = plan[position]
        let (stories, questions) = training.batch(places)
        let labels = IntegerTensor(places.compactMap { training.answers[$0] })
        return sparseSoftmaxCrossEntropy(logits: network(stories: stories, questions: questions), labels: labels)
            .mean()
    }

    /// The mean cross-entropy and the accuracy on the validation part.
    public func validation(of network: AnswerNetwork) -> Evaluation? {
        guard validation.count > 0 else { return nil }
        let result = validation.evaluated(by: network, answers: preparation.answers)
        return Evaluation(loss: result.loss, measures: ["accuracy": result.accuracy])
    }

    /// The highest accuracy.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// What the answers of the test are taken for.
    public func pictures(of network: AnswerNetwork) -> [NamedPicture] {
        let matrix = evaluated.evaluated(by: network, answers: preparation.answers).matrix
        return [NamedPicture("confusion-matrix", matrix.picture())]
    }
}
