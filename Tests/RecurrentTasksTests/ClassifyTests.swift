import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct ClassifyTests {
    /// What PyTorch computes with the peer's script.
    struct Peer: Decodable {
        struct Split: Decodable {
            let labels, training, validation, test: [Int]
        }
        let texts: [String]
        let labels: [Int]
        let logits: [Double]
        let loss: Double
        let gradientNorms: [String: Double]
        let split: Split
    }

    private static func texts(_ examples: [(String, String)]) throws -> LabelledTexts {
        try LabelledTexts(examples.map { LabelledTexts.Example(text: $0.0, label: $0.1) }, name: "the examples")
    }

    /// Texts of one letter or another, of several lengths: what comes first decides.
    private static func simpleTexts(_ count: Int = 40) throws -> LabelledTexts {
        try texts(
            (0..<count).map { place in
                let isLower = place % 2 == 0
                return ((isLower ? "a" : "b") + String(repeating: "xy", count: place % 5), isLower ? "A" : "B")
            })
    }

    private static func tinyConfiguration() -> ClassifyConfiguration {
        var configuration = ClassifyConfiguration()
        configuration.hiddenSize = 6
        configuration.layers = 2
        configuration.batchSize = 8
        configuration.optimization = Optimization(learningRate: 0.02, gradientNormBound: 5)
        return configuration
    }

    private static func trainer(_ configuration: ClassifyConfiguration) throws -> Trainer<ClassifyTask> {
        let source = ClassifySource(SeparableData(try simpleTexts()), name: "the examples", fingerprint: "")
        let preparation = try ClassifyTask.prepare(source, configuration)
        return Trainer(
            model: ClassifyTask.makeModel(configuration, preparation),
            optimizer: configuration.optimization.makeOptimizer(), clipping: configuration.optimization.clipping,
            task: try ClassifyTask(configuration, preparation: preparation, source: source), seed: configuration.seed)
    }

    // MARK: The network

    @Test func networkIsPyTorchs() throws {
        let peer = try Fixture.decode("classify", as: Peer.self)
        var configuration = ClassifyConfiguration()
        (configuration.hiddenSize, configuration.layers) = (5, 2)
        let preparation = ClassifyPreparation(labelNames: ["a", "b", "c"], vocabulary: .ascii)
        var model = ClassifyTask.makeModel(configuration, preparation)
        for entry in model.parameters.layout.entries {
            let places = (entry.offset..<entry.offset + entry.count).map(Double.init)
            model.parameters.set(entry.name, to: places.map { Float(0.6 * sin(0.7 * $0 + 0.003 * $0 * $0)) })
        }
        let examples = ClassifyExamples(peer.texts, labels: peer.labels, vocabulary: .ascii, limit: 12)
        #expect(examples.cutCount == 1 && examples.unknownCount == 8)
        let (texts, labels) = examples.batch(Array(0..<5))
        let logits = model.evaluate { $0(texts) }
        #expect(difference(logits.doubles, peer.logits) < 1e-5)
        let result = model.gradients { network in
            (loss: sparseSoftmaxCrossEntropy(logits: network(texts), labels: labels).mean(), other: ())
        }
        #expect(abs(Double(result.loss) - peer.loss) < 1e-5)
        #expect(peer.gradientNorms.count == model.parameters.layout.entries.count)
        for entry in model.parameters.layout.entries {
            let gradient = try #require(result.gradients[entry.name])
            let own = gradient.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            let expected = try #require(peer.gradientNorms[entry.name])
            #expect(abs(own - expected) < 1e-4 * max(1, expected), "\(entry.name)")
        }
    }

    @Test(arguments: TokenLevel.allCases)
    func paddingIsNeverRead(_ level: TokenLevel) throws {
        var configuration = Self.tinyConfiguration()
        configuration.level = level
        let texts = ["one", "two three \u{E9}", "a", "four five six seven"]
        let vocabulary = try ClassifyPreparation.vocabulary(level, of: ["one two five"], name: "the texts")
        let preparation = ClassifyPreparation(labelNames: ["a", "b"], vocabulary: vocabulary)
        let model = ClassifyTask.makeModel(configuration, preparation)
        let sequences = texts.map { vocabulary.encodeBeginning(of: $0, limit: 256).tokens }
        model.evaluate { network in
            let together = network(PaddedBatch(sequences))
            for (place, sequence) in sequences.enumerated() {
                #expect(difference(network(PaddedBatch([sequence]))[0], together[place]) < 1e-5)
            }
        }
    }

    /// With no tokens both stacks give zeros, and the biases decide.
    @Test func textsWithoutTokensHaveAPrediction() throws {
        let preparation = ClassifyPreparation(labelNames: ["a", "b"], vocabulary: .ascii)
        let model = ClassifyTask.makeModel(Self.tinyConfiguration(), preparation)
        let predictions = model.evaluate { preparation.predictions(for: [""], limit: 256, with: $0) }
        #expect(predictions == [ClassPrediction(labelNames: ["a", "b"], probabilities: [0.5, 0.5])])
    }

    // MARK: Tokens

    @Test func tokensOfEveryLevel() throws {
        let texts = ["b a b", "c"]
        let bytes = TextVocabulary.ascii
        #expect(bytes.size == 128 && bytes.encodeBeginning(of: "aé~", limit: 9).tokens == [97, -1, -1, 126])
        let characters = try ClassifyPreparation.vocabulary(.character, of: texts, name: "the texts")
        #expect(characters.size == 4 && characters.encodeBeginning(of: "a éc", limit: 9).tokens == [1, 0, -1, 3])
        let words = try ClassifyPreparation.vocabulary(.word, of: texts, name: "the texts")
        #expect(words.size == 4 && words.encodeBeginning(of: "c d B", limit: 9).tokens == [3, 0, 1])
        for vocabulary in [bytes, characters, words] {
            let copy = try JSONDecoder().decode(TextVocabulary.self, from: JSONEncoder().encode(vocabulary))
            #expect(copy == vocabulary)
            let (tokens, isCut) = vocabulary.encodeBeginning(of: "a b c", limit: 3)
            #expect(tokens.count == 3 && isCut == (vocabulary != words))
        }
    }

    /// Runs that were stored before there were vocabularies of all 256 bytes.
    @Test func bytesOfEarlierRunsAreASCII() throws {
        let json = #"{"labelNames":["a","b"],"vocabulary":{"level":"byte"}}"#
        let preparation = try JSONDecoder().decode(ClassifyPreparation.self, from: Data(json.utf8))
        #expect(preparation == ClassifyPreparation(labelNames: ["a", "b"], vocabulary: .ascii))
    }

    @Test func longTextsAreCut() {
        let (tokens, isCut) = TextVocabulary.ascii.encodeBeginning(
            of: String(repeating: "a", count: 100_000), limit: 256)
        #expect(tokens.count == 256 && isCut)
    }

    @Test func classesAreKnownByTheirNames() throws {
        let preparation = ClassifyPreparation(labelNames: ["x", "y", "z"], vocabulary: .ascii)
        let other = try Self.texts([("1", "z"), ("2", "x")])
        #expect(try preparation.examples(of: other, limit: 9, name: "other.tsv").labels == [2, 0])
        let strange = try Self.texts([("1", "z"), ("2", "w")])
        let refusal = message { _ = try preparation.examples(of: strange, limit: 9, name: "other.tsv") }
        #expect(refusal == "other.tsv: the label \"w\" is none of the model's: \"x\", \"y\", \"z\"")
    }

    // MARK: Training

    /// The peer's script trains, validates and tests on the same texts.
    @Test func splitIsThePeers() throws {
        let split = try Fixture.decode("classify", as: Peer.self).split
        let all = try Self.texts(split.labels.enumerated().map { ("\($0.offset)", "\($0.element)") })
        let parts = try all.divided(by: Division(validationFraction: 0.15, testFraction: 0.25, seed: 3))
        #expect(parts.training.texts == split.training.map(String.init))
        #expect(parts.validation.texts == split.validation.map(String.init))
        #expect(parts.test.texts == split.test.map(String.init))
    }

    @Test(arguments: TokenLevel.allCases)
    func learnsWhatDecides(_ level: TokenLevel) throws {
        var configuration = Self.tinyConfiguration()
        configuration.level = level
        var trainer = try Self.trainer(configuration)
        #expect(trainer.task.stepsPerEpoch == 4)
        for _ in 0..<60 { try trainer.advance() }
        #expect(trainer.meanLoss < 0.5)
        let evaluation = try #require(try trainer.validation())
        #expect(evaluation.measures == ["accuracy": 1] && evaluation.loss < 0.1)
    }

    @Test func resumesToTheSameBitsOnAnyNumberOfThreads() throws {
        try withTemporaryDirectory { directory in
            let texts = try Self.simpleTexts()
            let lines = zip(texts.texts, texts.labels).map { "\($0)\t\(texts.labelNames[$1])\n" }
            var configuration = Self.tinyConfiguration()
            configuration.data = directory + "/texts.tsv"
            configuration.dropout = 0.3
            try Data(lines.joined().utf8).write(to: URL(filePath: directory + "/texts.tsv"))
            let areSame = try leadsToTheSameBits(ClassifyTask.self, configuration, in: directory)
            #expect(areSame)
        }
    }

    /// A class of one text is trained and never tested, and the test part is what is evaluated on.
    @Test func rareClassesAreTrainedOnly() throws {
        let all = try Self.texts((0..<20).map { ("text \($0)", "common") } + [("once", "rare")])
        let configuration = Self.tinyConfiguration()
        let parts = try ClassifySource(SeparableData(all), name: "the examples", fingerprint: "").parts(configuration)
        #expect(parts.training.texts.contains("once") && parts.training.labelNames == ["common", "rare"])
        let evaluated = parts.evaluation { $0.count == 0 }
        #expect(evaluated.name == "the test part" && evaluated.part.count == 2)
    }

    @Test func graphHasTheParametersOfTheModel() throws {
        for level in TokenLevel.allCases {
            var configuration = Self.tinyConfiguration()
            configuration.level = level
            let vocabulary = try ClassifyPreparation.vocabulary(level, of: ["one two"], name: "the texts")
            let preparation = ClassifyPreparation(labelNames: ["a", "b"], vocabulary: vocabulary)
            let layout = ClassifyTask.makeModel(configuration, preparation).parameters.layout
            let graph = ClassifyTask.graph(configuration, preparation, parameters: layout)
            #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
        }
    }
}
