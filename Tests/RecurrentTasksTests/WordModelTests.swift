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
        .words(try WordVocabulary(of: [text], isLowercased: false, keepsNewlines: true))
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
    }
}
