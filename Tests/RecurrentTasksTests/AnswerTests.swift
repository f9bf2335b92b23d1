import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct AnswerTests {
    /// What PyTorch computes.
    struct Peer: Decodable {
        struct Case: Decodable {
            let logits: [Double]
            let loss: Double
            let gradients: [String: Fixture.Numbers]
        }
        let stories, questions: [[Int32]]
        let labels: [Int]
        let concatenated, added: Case
    }

    private static func file(_ text: String, name: String = "qa") throws -> BabiFile {
        try BabiFile(TextLines(Array(text.utf8), name: name))
    }

    private static func generated(stories: Int = 8, seed: UInt64 = 1) throws -> BabiFile {
        var generator = BabiGenerator(.oneFact, random: RandomSource(seed: seed))
        return try file(generator.text(stories: stories))
    }

    private static func tinyConfiguration(
        _ use: AnswerConfiguration.QuestionUse = .added
    ) -> AnswerConfiguration {
        var configuration = AnswerConfiguration()
        configuration.question = use
        (configuration.hiddenSize, configuration.embeddingSize) = (6, 5)
        configuration.batchSize = 8
        return configuration
    }

    private static func preparation(_ file: BabiFile) throws -> AnswerPreparation {
        try AnswerPreparation(of: file, stories: Array(file.stories.indices))
    }

    /// Seven words, with the punctuation marks, and three answers, one of two words.
    private static let small = "1 a b c.\n2 d e?\tx\n3 e?\ty\n4 e?\tx,y\n"

    // MARK: The network

    @Test(arguments: AnswerConfiguration.QuestionUse.allCases)
    func networkIsPyTorchs(_ use: AnswerConfiguration.QuestionUse) throws {
        let peer = try Fixture.decode("answer", as: Peer.self)
        let expected = use == .added ? peer.added : peer.concatenated
        var configuration = Self.tinyConfiguration(use)
        (configuration.hiddenSize, configuration.embeddingSize, configuration.dropout) = (3, 4, 0)
        (configuration.cell, configuration.layers) = use == .added ? (.gru, 2) : (.lstm, 1)
        let preparation = try Self.preparation(Self.file(Self.small))
        #expect(preparation.vocabulary.size == 8 && preparation.answers == ["x", "x,y", "y"])
        #expect(preparation.outputCount == 11)
        var model = AnswerTask.makeModel(configuration, preparation)
        for entry in model.parameters.layout.entries {
            let places = (entry.offset..<entry.offset + entry.count).map(Double.init)
            model.parameters.set(entry.name, to: places.map { Float(0.6 * sin(0.7 * $0 + 0.003 * $0 * $0)) })
        }
        let (stories, questions) = (PaddedBatch(peer.stories), PaddedBatch(peer.questions))
        let labels = IntegerTensor(peer.labels)
        let logits = model.evaluate { $0(stories: stories, questions: questions) }
        #expect(difference(logits.doubles, expected.logits) < 1e-5)
        let result = model.gradients { network in
            let logits = network(stories: stories, questions: questions)
            return (loss: sparseSoftmaxCrossEntropy(logits: logits, labels: labels).mean(), other: ())
        }
        #expect(abs(Double(result.loss) - expected.loss) < 1e-5)
        expectEqual(result.gradients.byName, expected.gradients.mapValues { $0.tensor(.single) }, within: 1e-6)
    }

    @Test(arguments: AnswerConfiguration.QuestionUse.allCases)
    func paddingIsNeverRead(_ use: AnswerConfiguration.QuestionUse) throws {
        let preparation = try Self.preparation(Self.file(Self.small))
        let model = AnswerTask.makeModel(Self.tinyConfiguration(use), preparation)
        let stories: [[Int32]] = [[1, 2, 3], [], [4, 5, 6, 7, 1, 2], [3]]
        let questions: [[Int32]] = [[1], [2, 3, 4], [5, 6], [7]]
        model.evaluate { network in
            let together = network(stories: PaddedBatch(stories), questions: PaddedBatch(questions))
            for place in stories.indices {
                let alone = network(stories: PaddedBatch([stories[place]]), questions: PaddedBatch([questions[place]]))
                #expect(difference(alone[0], together[place]) < 1e-5)
            }
        }
    }

    @Test(arguments: AnswerConfiguration.QuestionUse.allCases)
    func graphHasTheParametersOfTheModel(_ use: AnswerConfiguration.QuestionUse) throws {
        var configuration = Self.tinyConfiguration(use)
        configuration.layers = 2
        let preparation = try Self.preparation(Self.file(Self.small))
        let layout = AnswerTask.makeModel(configuration, preparation).parameters.layout
        let graph = AnswerTask.graph(configuration, preparation, parameters: layout)
        #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
    }

    // MARK: Stories as tokens

    @Test func questionsSeeWhatStandsBefore() throws {
        let file = try Self.file("1 A b.\n2 C?\tx\n3 D a.\n4 C?\ty\n1 D.\n2 C?\tx\n")
        let preparation = try Self.preparation(file)
        // By frequency, then alphabet; capital letters are kept.
        #expect(preparation.vocabulary.words == [".", "?", "C", "D", "A", "a", "b"])
        #expect(preparation.longestStory == 6 && preparation.longestQuestion == 2)
        let examples = AnswerExamples(of: file, preparation)
        #expect(examples.stories == [[5, 7, 1], [5, 7, 1, 4, 6, 1], [4, 1]])
        #expect(examples.questions == [[3, 2], [3, 2], [3, 2]] && examples.answers == [0, 1, 0])
        #expect(AnswerExamples(of: file, stories: [1], preparation).stories == [[4, 1]])
        let copy = try JSONDecoder().decode(AnswerPreparation.self, from: JSONEncoder().encode(preparation))
        #expect(copy == preparation)
    }

    /// A story of many questions takes no more room than its statements: a copy for each would take two gigabytes here.
    @Test func questionsShareTheirStory() throws {
        let count = 20_000
        let lines = (0..<count).map { "\(2 * $0 + 1) A B .\n\(2 * $0 + 2) C?\t\($0 % 2)\n" }
        let file = try Self.file(lines.joined())
        let examples = AnswerExamples(of: file, try Self.preparation(file))
        #expect(examples.stories.map(\.count) == (1...count).map { 3 * $0 })
        let places = examples.stories.map { story in story.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        }
        #expect(Set(places).count == 1)
    }

    /// Answers and words that were never seen count, and the first answer is named with its line.
    @Test func unknownAnswersAreWrong() throws {
        let preparation = try Self.preparation(Self.file("1 A.\n2 B?\tx\n3 B?\ty\n"))
        let other = try Self.file("1 A.\n2 B?\tx\n1 A.\n2 A new word.\n3 B?\tz\n", name: "other")
        let examples = AnswerExamples(of: other, preparation)
        #expect(examples.answers == [0, nil] && examples.unknownTokenCount == 2)
        #expect(examples.firstUnknownAnswer == "other, line 5: \"z\"")
        var model = AnswerTask.makeModel(Self.tinyConfiguration(), preparation)
        model.parameters.set("output.bias", to: [9, -9, 0, 0, 0, 0, 0])
        let found = model.evaluate { examples.evaluated(by: $0, answers: preparation.answers) }
        #expect(found.count == 2 && found.unknownAnswerCount == 1)
        #expect(found.accuracy == 0.5 && found.mostFrequentShare == 0.5 && found.loss < 0.1)
        let training = message {
            _ = try AnswerTask(
                Self.tinyConfiguration(), preparation: preparation, source: AnswerSource(other))
        }
        #expect(training == "other, line 5: \"z\" is none of the model's answers: \"x\", \"y\"")
        #expect(
            message { _ = try Self.preparation(Self.file("1 B?\tx\n", name: "one")) }
                == "one: the questions for training have 1 different answers; expected 2 to 10000")
    }

    // MARK: Training

    /// It is found beside the data, moves with it, is known by its contents, and is missed where it is gone.
    @Test func theTestBelongsToTheData() throws {
        try withTemporaryDirectory { directory in
            let (old, moved) = (directory + "/a_train", directory + "/b_train")
            for directory in [old, moved] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                try Data(Self.small.utf8).write(to: URL(filePath: directory + "/qa_train_train.txt"))
            }
            func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
            #expect(AnswerConfiguration.testData(beside: old + "/qa_train_train.txt") == nil)
            #expect(AnswerConfiguration.testData(beside: old + "/stories.txt") == nil)
            try write(Self.small, old + "/qa_train_test.txt")
            let test = AnswerConfiguration.testData(beside: old + "/qa_train_train.txt")
            #expect(test == old + "/qa_train_test.txt")
            var configuration = Self.tinyConfiguration()
            configuration.data = old + "/qa_train_train.txt"
            let without = try AnswerTask.read(configuration)
            configuration.testData = test
            let with = try AnswerTask.read(configuration)
            #expect(
                without.data.test == nil && with.data.test?.questionCount == 3
                    && without.fingerprint != with.fingerprint)
            var elsewhere = configuration
            elsewhere.moveData(to: moved + "/qa_train_train.txt")
            #expect(elsewhere.testData == test, "there is none beside the moved data")
            try write(Self.small + "1 a.\n2 b?\tx\n", moved + "/qa_train_test.txt")
            elsewhere.moveData(to: moved + "/qa_train_train.txt")
            #expect(elsewhere.testData == moved + "/qa_train_test.txt")
            #expect(elsewhere.withData(of: configuration) == configuration && elsewhere != configuration)
            #expect(try AnswerTask.read(elsewhere).fingerprint != with.fingerprint)
            try FileManager.default.removeItem(atPath: old + "/qa_train_test.txt")
            let missed = message { _ = try AnswerTask.read(configuration) }
            #expect(
                missed.hasPrefix("\(old)/qa_train_test.txt: there is no such file") && missed.contains("`testData`"))
        }
    }

    @Test func aValidationPartWithoutAKnownAnswerJudgesNothing() throws {
        var configuration = Self.tinyConfiguration()
        configuration.validationFraction = 0.5
        let source = AnswerSource(try Self.file("1 b?\tx\n2 b?\ty\n1 b?\tz\n2 b?\tw\n"))
        let preparation = try AnswerTask.prepare(source, configuration)
        let refusal = message { _ = try AnswerTask(configuration, preparation: preparation, source: source) }
        #expect(refusal.hasPrefix("qa: none of the 2 answers of the validation part"), "\(refusal)")
    }

    @Test func storiesAreDividedWhole() throws {
        var configuration = Self.tinyConfiguration()
        let source = AnswerSource(try Self.generated())
        #expect(try source.places(configuration).training == Array(0..<8))
        configuration.validationFraction = 0.25
        let parts = try source.places(configuration)
        #expect(parts.validation.count == 2 && Set(parts.training + parts.validation) == Set(0..<8))
        configuration.seed = 2
        #expect(try source.places(configuration).validation != parts.validation)
    }

    @Test(arguments: AnswerConfiguration.QuestionUse.allCases)
    func learnsItsStoriesByHeart(_ use: AnswerConfiguration.QuestionUse) throws {
        var configuration = Self.tinyConfiguration(use)
        (configuration.hiddenSize, configuration.embeddingSize, configuration.dropout) = (16, 16, 0)
        configuration.optimization.learningRate = 0.02
        let source = AnswerSource(try Self.generated(stories: 4))
        let preparation = try AnswerTask.prepare(source, configuration)
        let task = try AnswerTask(configuration, preparation: preparation, source: source)
        #expect(task.stepsPerEpoch == 3 && task.itemsPerStep == 8)
        var trainer = Trainer(
            model: AnswerTask.makeModel(configuration, preparation),
            optimizer: configuration.optimization.makeOptimizer(), clipping: configuration.optimization.clipping,
            task: task, seed: 1)
        for _ in 0..<150 { try trainer.advance() }
        let examples = AnswerExamples(of: source.data.file, preparation)
        let found = trainer.model.evaluate { examples.evaluated(by: $0, answers: preparation.answers) }
        #expect(found.accuracy == 1 && found.loss < 0.1)
        let validation = try trainer.validation()
        #expect(validation == nil)
    }

    @Test func resumesToTheSameBitsOnAnyNumberOfThreads() throws {
        try withTemporaryDirectory { directory in
            var configuration = Self.tinyConfiguration()
            configuration.data = directory + "/qa_train.txt"
            configuration.validationFraction = 0.25
            let text = try Self.generated().stories.map(\.text).joined()
            try Data(text.utf8).write(to: URL(filePath: directory + "/qa_train.txt"))
            let areSame = try leadsToTheSameBits(AnswerTask.self, configuration, in: directory)
            #expect(areSame)
        }
    }

    // MARK: Stories that are told

    @Test func sentencesOfALine() {
        func sentences(_ line: Substring) -> [String] { ToldLine.sentences(in: line) }
        #expect(sentences("A b. C d! Where is A?") == ["A b.", "C d!", "Where is A?"])
        #expect(sentences("  A is 1.5 m tall") == ["A is 1.5 m tall"])
        #expect(sentences(" ") == [] && sentences("?") == ["?"])
    }

    @Test func toldStoriesAreTheTasks() throws {
        let file = try Self.generated(stories: 1)
        let preparation = try Self.preparation(file)
        let model = AnswerTask.makeModel(Self.tinyConfiguration(), preparation)
        let examples = AnswerExamples(of: file, preparation)
        let expected = model.evaluate { network in
            examples.questions.indices.map { place in
                network(
                    stories: PaddedBatch([Array(examples.stories[place])]),
                    questions: PaddedBatch([examples.questions[place]])
                ).slice(axis: 1, 0..<preparation.answers.count).softmax().values.max()
            }
        }
        // Twice, as the number 1 begins anew.
        let lines = file.stories[0].text.split(separator: "\n").map(String.init)
        var story = ToldStory(preparation)
        let answers = model.evaluate { network in (lines + lines).flatMap { story.tell($0, to: network).answers } }
        #expect(answers.map { $0.probabilities.first } == expected + expected)
        #expect(answers[0].answers.count == preparation.answers.count && answers[0].question.hasPrefix("Where is "))
    }

    @Test func unknownWordsAreNamed() throws {
        let preparation = try Self.preparation(Self.file(Self.small))
        let model = AnswerTask.makeModel(Self.tinyConfiguration(), preparation)
        model.evaluate { network in
            var story = ToldStory(preparation)
            let reply = story.tell("a B c. B new e?", to: network)
            #expect(reply.unknownWords == ["B", "new"] && reply.answers.count == 1)
            var other = ToldStory(preparation)
            _ = other.tell("d d d.", to: network)
            #expect(other.tell("", to: network) == ToldStory.Reply())
            _ = other.tell("a zzz c.", to: network)
            #expect(
                other.tell("zzz zzz e?", to: network).answers.map(\.probabilities) == reply.answers.map(\.probabilities)
            )
        }
    }
}
