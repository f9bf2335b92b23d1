import Foundation
import Recurrent
import RecurrentTraining

/// What a model that answers questions is and how it is trained: everything that decides the result. Stored in the run.
public struct AnswerConfiguration: LayeredConfiguration, DividedConfiguration {
    /// `answer`.
    public static let taskName = "answer"

    /// How the question meets the story.
    public enum QuestionUse: String, Codable, Sendable, CaseIterable {
        /// The notes' model 1: what is left of the story and what is left of the question stand side by side.
        case concatenated
        /// The notes' model 2: the encoded question is added to every word of the story, which is read with it in mind.
        case added
    }

    /// The file of stories for training.
    public var data: String?
    /// The file of stories that the result is judged by; nil where part of the data judges.
    public var testData: String?
    /// How the question meets the story.
    public var question = QuestionUse.added
    /// The kind of recurrent cell.
    public var cell = CellKind.gru
    /// The number of hidden units of a layer that reads the story.
    public var hiddenSize = 50
    /// The number of layers that read the story, and of those that read the question.
    public var layers = 1
    /// The width of a word's vector; of the question's encoding too, where that is added to the words.
    public var embeddingSize = 50
    /// The number of questions of a batch.
    public var batchSize = 32
    /// How the model learns.
    public var optimization = Optimization(learningRate: 2e-3, gradientNormBound: 5)
    /// The probability that an element of a word's vector, or of what is left of the story, is dropped in training.
    public var dropout: Float = 0.3
    /// The share of the stories for validation.
    public var validationFraction = 0.0
    /// The seed of all that is random, the choice of stories for validation too.
    public var seed: UInt64 = 1

    /// The defaults, which are the same for all bAbI tasks.
    public init() {}

    /// The passes over the data after which training is over, where nobody says so.
    package static let usualEpochs = 25

    /// The file of stories beside the data, with `_test` in its name for the last `_train`; nil where there is none.
    package static func testData(beside data: String) -> String? {
        let name = data.lastIndex(of: "/").map { data[$0...] } ?? data[...]
        guard let range = name.ranges(of: "_train").last else { return nil }
        let path = data.replacingCharacters(in: range, with: "_test")
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Takes the path, and the stories that judge from beside it, where there are any: they move with the data.
    public mutating func moveData(to path: String) {
        data = path
        if testData != nil, let beside = Self.testData(beside: path) { testData = beside }
    }

    /// The configuration with both files where another has them.
    public func withData(of other: Self) -> Self {
        var configuration = self
        (configuration.data, configuration.testData) = (other.data, other.testData)
        return configuration
    }

    /// The layers over the words of a story.
    public var stack: RecurrentStack { stack(hiddenSize: hiddenSize) }

    /// Layers of so many units over the words of a story or a question. Dropout is on what they read.
    func stack(hiddenSize: Int) -> RecurrentStack {
        var stack = RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers)
        stack.recurrentInitializer = .orthogonal()
        return stack
    }

    /// The number of units of the layers that read the question.
    var questionSize: Int { question == .added ? embeddingSize : hiddenSize }

    /// Checks every number.
    public func validate() throws {
        try validateLayers()
        try Setting("`embeddingSize`", embeddingSize).require(in: 1...65_536)
        try validateDivision()
    }
}
