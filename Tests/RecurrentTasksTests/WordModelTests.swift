import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct WordModelTests {
    private static let verse = """
        If you want to build a ship,
        don't drum up people to collect wood
        (and don't assign them tasks and work),
        but rather: teach them to long for the sea!

        """

    private static func small(_ path: String) -> TextConfiguration {
        var configuration = TextConfiguration()
        configuration.data = path
        configuration.level = .word
        configuration.embeddingSize = 12
        (configuration.hiddenSize, configuration.layers) = (24, 1)
        (configuration.batchSize, configuration.sequenceLength) = (2, 8)
        configuration.validationFraction = 0
        configuration.optimization.learningRate = 0.02
        return configuration
    }

    private static func model(_ vocabulary: TextVocabulary, layers: Int = 1) -> Model<TextNetwork> {
        var configuration = small("")
        configuration.layers = layers
        return TextTask.makeModel(configuration, vocabulary)
    }

    private static func vocabulary(_ text: String) throws -> TextVocabulary {
        .words(try WordVocabulary(of: [text], splitting: WordSplitting(keepsNewlines: true)))
    }

    @Test func aVerseIsLearnedByHeart() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/verse.txt"
            try String(repeating: Self.verse, count: 8).write(toFile: path, atomically: true, encoding: .utf8)
            let configuration = Self.small(path)
            try train(TextTask.self, configuration, at: directory + "/run", until: 300)
            let run = try TaskRun<TextTask>(openingAt: directory + "/run")
            let all = try run.preparation.encode(Self.verse + Self.verse)
            let prompt = Array(all.prefix(12))
            var generator = TextGenerator(configuration, sampler: try Sampler(temperature: 0), seed: 1)
            var written = prompt
            try run.model(.latest).model.evaluate { network in
                try generator.generate(all.count - prompt.count, after: prompt, with: network) {
                    written.append($0)
                    return true
                }
            }
            #expect(try run.preparation.decode(written) == Self.verse + Self.verse)
        }
    }

    @Test func trainingIsTheSameInPartsAndOnOneThread() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/verse.txt"
            try String(repeating: Self.verse, count: 3).write(toFile: path, atomically: true, encoding: .utf8)
            var configuration = Self.small(path)
            configuration.dropout = 0.3
            configuration.vocabularyLimit = 20
            let same = try leadsToTheSameBits(TextTask.self, configuration, in: directory)
            #expect(same)
        }
    }

    /// A model that knows nothing is as perplexed as there are words.
    @Test func theUniformModelsPerplexityIsTheSizeOfTheVocabulary() throws {
        let vocabulary = try Self.vocabulary(Self.verse)
        var model = Self.model(vocabulary)
        for entry in model.parameters.layout.entries {
            model.parameters.set(entry.name, to: Array(repeating: 0, count: entry.count))
        }
        let tokens = try vocabulary.encode(Self.verse + "unheard words")
        let loss = model.evaluate { TextTask.meanLoss(of: tokens, under: $0) }
        #expect(abs(exp(loss) - Double(vocabulary.size)) < 1e-4 * Double(vocabulary.size))
    }

    @Test func theUnknownWordIsWrittenOnlyWhereItMayBe() throws {
        let vocabulary = try Self.vocabulary("a b c")
        var model = Self.model(vocabulary)
        model.parameters.set("output.bias", to: [50, 0, 0, 0])
        func written(excluding excluded: Int32?) throws -> [Int32] {
            var generator = TextGenerator(Self.small(""), sampler: try Sampler(), seed: 3, excluding: excluded)
            var tokens: [Int32] = []
            try model.evaluate { network in
                try generator.generate(60, after: [1], with: network) {
                    tokens.append($0)
                    return true
                }
            }
            return tokens
        }
        let (without, with) = (try written(excluding: 0), try written(excluding: nil))
        #expect(Set(without) == [1, 2, 3])
        #expect(with == Array(repeating: 0, count: 60))
    }

    /// With tied weights the vectors are the output layer's, and step by step the network gives what it gives over the
    /// whole text; a training moves them through both.
    @Test func tiedWeightsAreTheWordsVectors() throws {
        var configuration = Self.small("")
        (configuration.tiesWeights, configuration.embeddingSize) = (true, configuration.hiddenSize)
        try configuration.validate()
        let vocabulary = try Self.vocabulary("a b c d e f")
        var model = TextTask.makeModel(configuration, vocabulary)
        #expect(!model.parameters.layout.entries.contains { $0.name == "output.weight" })
        let (tokens, next) = (
            IntegerTensor([3, 0, 6, 1], shape: [4, 1]), IntegerTensor([0, 6, 1, 2], shape: [4, 1])
        )
        let table = model.parameters["embedding.table"]
        model.evaluate { network in
            let logits = network(tokens, from: nil).logits
            let stepper = network.stepper(from: network.zeroState(batch: 1))
            for step in 0..<4 {
                let found = stepper.withLogits(after: tokens.values[step..<step + 1]) { Array($0) }
                #expect(zip(found, logits[step].values).allSatisfy { abs($0 - $1) < 1e-5 })
            }
            let exact = sequenceLoss(logits: logits, targets: next).scalar
            #expect(abs(network.loss(tokens, targets: next, from: nil).loss.scalar - exact) < 1e-5)
        }
        var optimizer = SGD(learningRate: 0.1)
        model.train(with: &optimizer) { $0.loss(tokens, targets: next, from: nil).loss }
        // Every row moves, those of words that were not read too, through the output layer.
        let moved = try #require(model.parameters["embedding.table"])
        let before = try #require(table)
        for row in 0..<7 { #expect(moved[row].values != before[row].values) }
    }

    /// In training the loss is over the words drawn, and otherwise over all.
    @Test func aSampledSoftmaxIsExactOutsideTraining() throws {
        var configuration = Self.small("")
        configuration.samples = 3
        let vocabulary = try Self.vocabulary("a b c d e f g h i j k l m n o p")
        var model = TextTask.makeModel(configuration, vocabulary)
        let (tokens, next) = (
            IntegerTensor([3, 0, 6, 1], shape: [4, 1]), IntegerTensor([0, 6, 1, 2], shape: [4, 1])
        )
        let exact = model.evaluate { network in
            let exact = sequenceLoss(logits: network(tokens, from: nil).logits, targets: next).scalar
            #expect(abs(network.loss(tokens, targets: next, from: nil).loss.scalar - exact) < 1e-5)
            return exact
        }
        var optimizer = SGD(learningRate: 0)
        let sampled = model.train(with: &optimizer) { $0.loss(tokens, targets: next, from: nil).loss }
        #expect(abs(sampled.loss - exact) > 0.1)
    }

    @Test(arguments: [true, false])
    func aVerseIsLearnedWithASampledSoftmax(isTied: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/verse.txt"
            try String(repeating: Self.verse, count: 8).write(toFile: path, atomically: true, encoding: .utf8)
            var configuration = Self.small(path)
            configuration.samples = 10
            if isTied { (configuration.tiesWeights, configuration.embeddingSize) = (true, configuration.hiddenSize) }
            try train(TextTask.self, configuration, at: directory + "/run", until: 300)
            let run = try TaskRun<TextTask>(openingAt: directory + "/run")
            let tokens = try run.preparation.encode(Self.verse)
            #expect(try run.model(.latest).model.evaluate { TextTask.meanLoss(of: tokens, under: $0) } < 0.5)
            let same = try leadsToTheSameBits(TextTask.self, configuration, in: directory)
            #expect(same)
        }
    }

    /// Through an adaptive softmax a verse is learned, and steps give what unrolling gives.
    @Test func aVerseIsLearnedWithAnAdaptiveSoftmax() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/verse.txt"
            try String(repeating: Self.verse, count: 8).write(toFile: path, atomically: true, encoding: .utf8)
            var configuration = Self.small(path)
            configuration.cutoffs = [12]
            try train(TextTask.self, configuration, at: directory + "/run", until: 300)
            let run = try TaskRun<TextTask>(openingAt: directory + "/run")
            let tokens = try run.preparation.encode(Self.verse)
            try run.model(.latest).model.evaluate { network in
                let loss = TextTask.meanLoss(of: tokens, under: network)
                #expect(loss < 0.5)
                #expect(abs(TextTask.meanLoss(of: tokens, under: network, weights: .float32) - loss) < 1e-4)
                let (inputs, targets) = (
                    IntegerTensor(Array(tokens.dropLast()), shape: [tokens.count - 1, 1]),
                    IntegerTensor(Array(tokens.dropFirst()), shape: [tokens.count - 1, 1])
                )
                #expect(abs(Double(network.loss(inputs, targets: targets, from: nil).loss.scalar) - loss) < 1e-4)
            }
            let same = try leadsToTheSameBits(TextTask.self, configuration, in: directory)
            #expect(same)
            configuration.cutoffs = [6, 40]
            #expect(
                message { try train(TextTask.self, configuration, at: directory + "/other", until: 1) }.contains(
                    "`cutoffs` ends with 40, but there are 3"))
        }
    }

    @Test(arguments: [[Int](), [0], [5, 5], [7, 3]])
    func cutoffsAreChecked(cutoffs: [Int]) throws {
        var configuration = Self.small("x")
        configuration.cutoffs = cutoffs
        #expect(message { try configuration.validate() }.contains("expected rising numbers"))
        configuration.cutoffs = [5]
        try configuration.validate()
        configuration.samples = 4
        #expect(message { try configuration.validate() }.contains("another output layer"))
    }

    /// The text of the validation and test files is not trained on, and its own words are unknown.
    @Test func filesOfTheirOwnAreValidatedAndEvaluatedOn() throws {
        try withTemporaryDirectory { directory in
            var configuration = Self.small(directory + "/train.txt")
            for (name, text) in [("train", "b b b c c a"), ("val", "c new a"), ("test", "b c\u{E9} a b")] {
                try text.write(toFile: directory + "/\(name).txt", atomically: true, encoding: .utf8)
            }
            (configuration.validationData, configuration.testData) =
                (directory + "/val.txt", directory + "/test.txt")
            (configuration.validationFraction, configuration.testFraction) = (0.3, 0.3)
            (configuration.batchSize, configuration.sequenceLength) = (1, 2)
            let source = try TextSource(configuration)
            let vocabulary = try TextTask.prepare(source, configuration)
            let parts = try source.parts(vocabulary, configuration)
            #expect(
                parts.map { Array($0.tokens) }
                    == Parts(training: [1, 1, 1, 2, 2, 3], validation: [2, 0, 3], test: [1, 0, 3, 1]))
            #expect(
                try parts.map { try $0.predictedByteCount(vocabulary) } == Parts(training: 9, validation: 5, test: 7))
            #expect(parts.test.name == configuration.testData)
            try train(TextTask.self, configuration, at: directory + "/run", until: 2)
            let run = try TaskRun<TextTask>(openingAt: directory + "/run")
            #expect(try run.evaluatedText(of: nil).tokens == TokenSequence([1, 0, 3, 1]))
            #expect(try run.evaluatedText(of: directory + "/val.txt").tokens == TokenSequence([2, 0, 3]))
            configuration.level = .character
            let characters = try TextTask.prepare(source, configuration)
            #expect(try TextSource(configuration).parts(characters, configuration).test.count == 8)
            try "c".write(toFile: directory + "/val.txt", atomically: true, encoding: .utf8)
            configuration.level = .word
            #expect(
                message { _ = try TextSource(configuration).parts(vocabulary, configuration) }.hasSuffix(
                    "val.txt: the number of tokens is 1; expected 2 or more"))
            #expect(message { _ = try run.resume() }.contains("val.txt or \(directory)/test.txt has changed"))
            (configuration.validationData, configuration.validationFraction) = (nil, 0)
            try " ".write(toFile: directory + "/test.txt", atomically: true, encoding: .utf8)
            #expect(
                message { _ = try TextSource(configuration).parts(vocabulary, configuration) }.contains(
                    "test.txt: the number of tokens is 0"))
        }
    }

    /// Token by token the network gives what it gives over the whole text.
    @Test(arguments: CellKind.allCases)
    func vectorsAreLookedUpStepByStep(_ cell: CellKind) throws {
        var configuration = Self.small("")
        (configuration.cell, configuration.layers) = (cell, 2)
        let vocabulary = try Self.vocabulary("a b c d e f")
        let model = TextTask.makeModel(configuration, vocabulary)
        let tokens: [Int32] = [3, 0, 6, 1, 1, 5, 2, 4]
        model.evaluate { network in
            let expected = network(IntegerTensor(tokens, shape: [4, 2]), from: nil).logits.values
            let stepper = network.stepper(from: network.zeroState(batch: 2))
            for step in 0..<4 {
                let found = stepper.withLogits(after: tokens[2 * step..<2 * step + 2]) { Array($0) }
                for (place, value) in found.enumerated() {
                    #expect(abs(value - expected[step * 2 * vocabulary.size + place]) < 1e-5)
                }
            }
        }
    }

    /// Words that stand only in the validation part are unknown, and of others the most frequent are known.
    @Test func theVocabularyIsThatOfTheTrainingPart() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/text.txt"
            try "b b b c c a new words".write(toFile: path, atomically: true, encoding: .utf8)
            var configuration = Self.small(path)
            configuration.validationFraction = 0.25
            let all = try TextTask.prepare(TextSource(configuration), configuration)
            #expect(try all.encode("b c a new words") == [1, 2, 3, 0, 0])
            configuration.vocabularyLimit = 3
            let limited = try TextTask.prepare(TextSource(configuration), configuration)
            #expect(limited.size == 3 && limited.unknownToken == 0)
            #expect(try limited.encode("b c a") == [1, 2, 0])
        }
    }

    /// Runs that were stored before there were words are read and stored as they were.
    @Test func configurationsOfEarlierRunsAreUnchanged() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(TextConfiguration()), as: UTF8.self)
        #expect(!json.contains("embedding") && !json.contains("vocabulary"))
        let read = try JSONDecoder().decode(TextConfiguration.self, from: Data(json.utf8))
        #expect(read == TextConfiguration() && read.embeddingWidth == nil)
    }

    /// Words that are cut in another way than the vocabulary's, and more samples than words, are refused.
    @Test func aVocabularyThatDoesNotFitIsRefused() throws {
        let vocabulary = try Self.vocabulary("a b")
        var configuration = Self.small("x")
        configuration.samples = 4
        #expect(message { try TextTask.check(vocabulary, configuration) }.contains("there are 3 words; expected fewer"))
        (configuration.samples, configuration.wordSeparator) = (3, .whitespace)
        #expect(
            message { try TextTask.check(vocabulary, configuration) }.contains("words are separated by punctuation"))
        configuration.wordSeparator = .punctuation
        try TextTask.check(vocabulary, configuration)
    }

    @Test func initializersOfNothingAreRefused() throws {
        var configuration = Self.small("x")
        configuration.embeddingInitializer = "normal:0.1"
        try configuration.validate()
        (configuration.tiesWeights, configuration.embeddingSize) = (true, configuration.hiddenSize)
        #expect(message { try configuration.validate() }.contains("expected `outputInitializer`"))
        (configuration.tiesWeights, configuration.embeddingSize, configuration.level) = (false, nil, .character)
        #expect(message { try configuration.validate() }.contains("expected `embeddingSize`"))
        (configuration.embeddingInitializer, configuration.level, configuration.samples) = (nil, .word, 3)
        configuration.batching = .windows
        #expect(message { try configuration.validate() }.contains("expected `data`"))
    }

    @Test func numbersAndLevelsAreChecked() throws {
        var configuration = Self.small("")
        configuration.vocabularyLimit = 1
        #expect(message { try configuration.validate() } == "`vocabularyLimit` is 1; expected 2 to 10000000")
        configuration.vocabularyLimit = 2
        configuration.embeddingSize = 0
        #expect(message { try configuration.validate() } == "`embeddingSize` is 0; expected 1 to 65536")
        configuration.embeddingSize = nil
        #expect(configuration.embeddingWidth == 128)
        configuration.level = .byte
        #expect(message { try configuration.validate() }.hasSuffix("expected `level` word"))
        let mismatch = message { try TextTask.check(.bytes, Self.small("")) }
        #expect(mismatch == "`level` is word, but the model has a vocabulary of bytes")
    }

    @Test func graphHasTheParametersOfTheModel() throws {
        let vocabulary = try Self.vocabulary("a b")
        let layout = Self.model(vocabulary, layers: 2).parameters.layout
        var configuration = Self.small("")
        configuration.layers = 2
        let graph = TextTask.graph(configuration, vocabulary, parameters: layout)
        #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
        #expect(layout.entries.contains { $0.name == "embedding.table" && $0.shape == [3, 12] })
        configuration.samples = 2
        let sampled = TextTask.graph(configuration, vocabulary, parameters: layout)
        #expect(sampled.nodes.last?.kind == "sampled softmax" && graph.nodes.last?.kind == "softmax cross-entropy")
    }
}
