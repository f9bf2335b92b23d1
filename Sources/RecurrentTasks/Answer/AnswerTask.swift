import Foundation
import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a model that answers questions about stories: batches of questions, their losses, and the accuracy.
///
/// Stories for validation are whole stories, so that none is trained on in part. Without any, nothing is chosen: the last
/// weights are the result.
public struct AnswerTask: StoredTask {
    /// What the model is and how it is trained.
    public let configuration: AnswerConfiguration
    /// The words and the answers.
    public let preparation: AnswerPreparation
    private let training, validation, judging: AnswerExamples
    private let order: BatchOrder
    private var batches: [[Int]] = []

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
        try AnswerPreparation(of: source.file, stories: source.parts(configuration).training)
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
        let parts = source.parts(configuration)
        training = AnswerExamples(of: source.file, stories: parts.training, preparation)
        validation = AnswerExamples(of: source.file, stories: parts.validation, preparation)
        if let test = source.test {
            judging = AnswerExamples(of: test, preparation)
        } else {
            judging = validation.count > 0 ? validation : training
        }
        order = try BatchOrder(batchSize: configuration.batchSize, groupedBatches: Self.groupedBatches)
        guard training.count > 0 else { throw RecurrentError("\(source.name): no question is left for training") }
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
                + configuration.cell.trainingBytes(
                    inputSize: width, hiddenSize: hiddenSize, layers: configuration.layers,
                    outputSize: preparation.outputCount, rows: rows, outputRows: configuration.batchSize)
        }
        let questionSize = configuration.question == .added ? width : configuration.hiddenSize
        return layers(preparation.longestStory, configuration.hiddenSize)
            + layers(preparation.longestQuestion, questionSize)
            + 64 * Double(preparation.vocabulary.size) * Double(width)
    }

    /// As many batches as hold all questions for training.
    public var stepsPerEpoch: Int { (training.count + configuration.batchSize - 1) / configuration.batchSize }

    /// The questions of a batch; the last may have fewer.
    public var itemsPerStep: Int { min(configuration.batchSize, training.count) }

    /// Draws the batches of a pass.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {
        var random = random
        batches = order.batches(lengths: training.stories.map(\.count), random: &random)
    }

    /// The mean cross-entropy of a batch.
    public func loss(
        of network: AnswerNetwork, position: Int, carried: [Tensor]
    ) -> (loss: Tensor, carried: [Tensor]) {
        let places = batches[position]
        let (stories, questions) = training.batch(places)
        let labels = IntegerTensor(places.compactMap { training.answers[$0] })
        let logits = network(stories: stories, questions: questions)
        return (sparseSoftmaxCrossEntropy(logits: logits, labels: labels).mean(), [])
    }

    /// The mean cross-entropy and the accuracy on the validation part.
    public func validation(of network: AnswerNetwork) -> Evaluation? {
        guard validation.count > 0 else { return nil }
        let judged = validation.judged(by: network, answers: preparation.answers)
        return Evaluation(loss: judged.loss, measures: ["accuracy": judged.accuracy])
    }

    /// The highest accuracy.
    public var criterion: Evaluation.Criterion { .highest("accuracy") }

    /// What the answers of the test are taken for.
    public func pictures(of network: AnswerNetwork) -> [(name: String, picture: any SVGPicture)] {
        [("confusion-matrix", judging.judged(by: network, answers: preparation.answers).matrix.picture())]
    }
}
