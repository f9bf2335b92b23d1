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
    package let configuration: AnswerConfiguration
    package let preparation: AnswerPreparation
    private let training, validation, evaluated: AnswerExamples
    /// Which questions stand together.
    public var plan: BatchPlan

    /// Reads the stories, those of the test too.
    public static func read(_ configuration: AnswerConfiguration) throws -> AnswerSource {
        guard let path = configuration.data else {
            throw RecurrentError("`data` is missing; expected a file of a bAbI task")
        }
        let file = try BabiFile(path: path)
        guard let test = configuration.testData else { return AnswerSource(file) }
        guard FileManager.default.fileExists(atPath: test) else {
            throw RecurrentError(
                "\(test): there is no such file; expected the stories that judge the result (`testData`, or those beside "
                    + "the data)")
        }
        return AnswerSource(file, test: try BabiFile(path: test))
    }

    /// The words and answers of the stories for training.
    public static func prepare(_ source: AnswerSource, _ configuration: AnswerConfiguration) throws -> AnswerPreparation
    {
        try AnswerPreparation(of: source.data.file, stories: source.places(configuration).training)
    }

    /// Whether there are at least two answers, and they differ.
    public static func check(_ preparation: AnswerPreparation, _ configuration: AnswerConfiguration) throws {
        let (answers, lengths) = (preparation.answers, 0...Int(Int32.max))
        guard answers.count >= 2, Set(answers).count == answers.count else {
            throw RecurrentError("answers has \(answers.count) entries; expected two or more, all different")
        }
        guard lengths.contains(preparation.longestStory), lengths.contains(preparation.longestQuestion) else {
            throw RecurrentError("longestStory or longestQuestion is out of the range \(lengths)")
        }
    }

    /// Divides the stories, and turns them into tokens.
    public init(_ configuration: AnswerConfiguration, preparation: AnswerPreparation, source: AnswerSource) throws {
        self.configuration = configuration
        self.preparation = preparation
        let places = try source.places(configuration)
        training = AnswerExamples(of: source.data.file, stories: places.training, preparation)
        validation = AnswerExamples(of: source.data.file, stories: places.validation, preparation)
        evaluated =
            source.data.test.map { AnswerExamples(of: $0, preparation) }
            ?? (validation.count > 0 ? validation : training)
        guard training.count > 0 else { throw RecurrentError("\(source.name): no question is left for training") }
        plan = try BatchPlan(
            lengths: training.stories.map(\.count), batchSize: configuration.batchSize, groupedBatches: 4)
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

    /// Bytes that training will need, roughly: for a batch of the longest story.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
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

    /// The words' vectors, the layers over the story and over the question, and the dense layer to the answers.
    public static func graph(
        _ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        let (width, hidden) = (configuration.embeddingSize, configuration.hiddenSize)
        let dropped = configuration.dropout > 0 ? ", dropout \(configuration.dropout)" : ""
        var graph = NetworkGraph(title: "Answers to questions", nodes: [], edges: [])
        func words(_ name: String) {
            graph.add(.layer(name, kind: "words' vectors" + dropped, shape: "[time, batch, \(width)]", parameters))
        }
        func layers(_ name: String, hiddenSize: Int, above inputs: String) -> String {
            let layers = configuration.stack(hiddenSize: hiddenSize).nodes(name, parameters: parameters)
            return layers.reduce(inputs) { below, layer in
                graph.add(layer, after: (below, ""))
                return layer.name
            }
        }
        words("questionWords")
        let question = layers("question", hiddenSize: configuration.questionSize, above: "questionWords")
        words("storyWords")
        let last: (name: String, label: String)
        switch configuration.question {
        case .added:
            graph.add(
                .init("sum", shape: "[time, batch, \(width)]"), after: ("storyWords", ""),
                (question, "last step, to every word"))
            last = (layers("story", hiddenSize: hidden, above: "sum"), "last step")
        case .concatenated:
            let story = layers("story", hiddenSize: hidden, above: "storyWords")
            graph.add(
                .init("both", kind: "side by side", shape: "[batch, \(2 * hidden)]"), after: (story, "last step"),
                (question, "last step"))
            last = ("both", "")
        }
        graph.add(
            .layer(kind: "dense" + dropped, shape: "[batch, \(preparation.outputCount)]", parameters), after: last)
        graph.add(.loss("softmax cross-entropy"), after: ("output", ""))
        return graph
    }
}

/// Recurrent layers over a story and over a question, and a dense layer to the answers and all other words.
///
/// The notes' models, after Keras's `babi_rnn.py`. In the first, the story and the question are read apart, and the
/// output sees the last state of both. In the second, the last state of the question is added to the vector of every
/// word of the story, and the output sees the last state of the story read so. Words have vectors of their own in stories
/// and in questions.
public struct AnswerNetwork: StoredNetwork, Sendable {
    private let use: AnswerConfiguration.QuestionUse
    private let storyWords, questionWords: Embedding
    private let storyLayers, questionLayers: RecurrentStack.Cells
    private let output: Dense
    private let storyDropout, questionDropout, outputDropout: Dropout

    /// Makes the network of a configuration, with parameters `storyWords.table`, `questionWords.table`,
    /// `story.0.inputWeight` and so on, `question...` and `output`.
    public init(_ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, _ binder: inout Binder) {
        let (hidden, width) = (configuration.hiddenSize, configuration.embeddingSize)
        use = configuration.question
        func words(_ binder: inout Binder) -> Embedding {
            // With Keras's range, a tenth of this, a question hardly tells on the story for the first thirty epochs.
            Embedding(
                tokens: preparation.vocabulary.size, width: width, initializer: .uniform(from: -0.5, to: 0.5), &binder)
        }
        storyWords = words(&binder["storyWords"])
        questionWords = words(&binder["questionWords"])
        storyLayers = configuration.stack(hiddenSize: hidden).cells(inputSize: width, &binder["story"])
        questionLayers = configuration.stack(hiddenSize: configuration.questionSize)
            .cells(inputSize: width, &binder["question"])
        output = Dense(
            inputSize: use == .added ? hidden : 2 * hidden, outputSize: preparation.outputCount, &binder["output"])
        storyDropout = Dropout(probability: configuration.dropout, &binder)
        questionDropout = Dropout(probability: configuration.dropout, &binder)
        outputDropout = Dropout(probability: configuration.dropout, &binder)
    }

    /// The logits `[batch, outputs]` of questions about stories, those of the answers first. Padding is never read.
    package func callAsFunction(stories: PaddedBatch, questions: PaddedBatch) -> Tensor {
        let story = storyDropout(storyWords(stories.tokens))
        let question = last(questionLayers, questionDropout(questionWords(questions.tokens)), questions.lengths)
        switch use {
        case .concatenated:
            return output(outputDropout(.concatenated([last(storyLayers, story, stories.lengths), question], axis: 1)))
        case .added:
            return output(outputDropout(last(storyLayers, story + question, stories.lengths)))
        }
    }

    /// What layers give at every sequence's own last step: `[time, batch, features]` to `[batch, hidden]`.
    private func last(_ layers: RecurrentStack.Cells, _ inputs: Tensor, _ lengths: [Int]) -> Tensor {
        layers.unroll(inputs, lengths: lengths).outputs.lastSteps(lengths: lengths)
    }
}
