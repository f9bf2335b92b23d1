import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct TranslateTaskTests {
    /// What PyTorch computes with the peer's script.
    struct Peer: Decodable {
        let sentences, normal, words: [String]
        let pairs: [[String]]
        let split: [[[String]]]
        let encoded: [Int32]
        let sources, targets, translations: [[Int32]]
        let loss: Double
        let gradients: [String: Fixture.Numbers]
    }

    /// A language of its own, whose words stand in reversed order in the other.
    static func toyPairs(_ count: Int) -> [SentencePairs.Pair] {
        var random = RandomSource(seed: 5)
        return (0..<count).map { _ in
            let words = (0..<Int(random.permutation(4)[0]) + 1).map { _ in random.permutation(6)[0] }
            return SentencePairs.Pair(
                source: words.map { "s\($0)" }.joined(separator: " ") + " .",
                target: words.reversed().map { "t\($0)" }.joined(separator: " ") + " .")
        }
    }

    private static func tinyConfiguration() -> TranslateConfiguration {
        var configuration = TranslateConfiguration()
        configuration.hiddenSize = 24
        configuration.network.embeddingSize = 12
        configuration.batchSize = 16
        configuration.validationFraction = 0.1
        configuration.optimization = Optimization(learningRate: 0.01, gradientNormBound: 5)
        return configuration
    }

    private static func trainer(
        _ configuration: TranslateConfiguration, pairs: Int = 300
    ) throws -> Trainer<TranslateTask> {
        let source = TranslateSource(SeparableData(SentencePairs(toyPairs(pairs))), name: "the pairs", fingerprint: "")
        let preparation = try TranslateTask.prepare(source, configuration)
        return Trainer(
            model: TranslateTask.makeModel(configuration, preparation),
            optimizer: configuration.optimization.makeOptimizer(), clipping: configuration.optimization.clipping,
            task: try TranslateTask(configuration, preparation: preparation, source: source), seed: configuration.seed)
    }

    // MARK: Beside PyTorch

    @Test func sentencesAndPartsAreThePeers() throws {
        let peer = try Fixture.decode("translate", as: Peer.self)
        #expect(peer.sentences.map(SentencePairs.normalized) == peer.normal)
        let whole = SentencePairs(peer.pairs.map { SentencePairs.Pair(source: $0[0], target: $0[1]) })
        let parts = try whole.divided(by: Division(validationFraction: 0.15, testFraction: 0.25, seed: 3))
        for (part, others) in zip([parts.training, parts.validation, parts.test], peer.split) {
            #expect(part.pairs.map { [$0.source, $0.target] } == others)
        }
        let vocabulary = try SentenceVocabulary(of: parts.training.pairs.map(\.target), limit: 12)
        #expect(SpecialToken.names + vocabulary.words.words == peer.words)
        #expect(vocabulary.encode("b t3 c1 t8 unheard") == peer.encoded)
    }

    @Test func networkIsPyTorchs() throws {
        let peer = try Fixture.decode("translate", as: Peer.self)
        var configuration = TranslateConfiguration()
        configuration.hiddenSize = 4
        configuration.network.embeddingSize = 3
        let preparation = TranslatePreparation(
            source: try SentenceVocabulary(of: ["a b c"]), target: try SentenceVocabulary(of: ["a b c d e"]))
        var model = TranslateTask.makeModel(configuration, preparation)
        for entry in model.parameters.layout.entries {
            let places = (entry.offset..<entry.offset + entry.count).map(Double.init)
            model.parameters.set(entry.name, to: places.map { Float(1.5 * sin(0.37 * $0 + 0.02 * $0 * $0)) })
        }
        let examples = TranslateExamples(sources: peer.sources, targets: peer.targets)
        let result = model.gradients { network in
            (loss: network.trainingLoss(on: examples.batch(0..<3)), other: ())
        }
        #expect(abs(Double(result.loss) - peer.loss) < 1e-5)
        expectEqual(result.gradients.byName, peer.gradients.mapValues { $0.tensor(.single) }, within: 1e-6)
        let translations = try model.evaluate { network in
            try network.model.greedy(PaddedBatch(peer.sources), maximumLength: 6)
        }
        #expect(translations.map(\.tokens) == peer.translations)
        #expect(Set(translations.map(\.tokens.count)).count == 3)
    }

    // MARK: Padding and buckets

    /// The loss and the gradients of a padded batch are the sums of those of its pairs alone.
    @Test(arguments: [nil, AttentionKind.additive, .dot, .general])
    func paddingChangesNothing(_ attention: AttentionKind?) throws {
        var configuration = Self.tinyConfiguration()
        configuration.network.attention = attention
        let trainer = try Self.trainer(configuration, pairs: 12)
        let examples = trainer.task.training
        let batch = examples.batch(0..<examples.count)
        #expect(Set(batch.source.lengths).count > 1 && Set(batch.written.lengths).count > 1)
        var model = trainer.model
        let together = model.gradients { (loss: $0.trainingLoss(on: batch) * Float(batch.tokenCount), other: ()) }
        var (loss, sums) = (0.0, [Double](repeating: 0, count: model.parameters.layout.count))
        for place in 0..<examples.count {
            let pair = examples.batch([place])
            let alone = model.gradients { (loss: $0.trainingLoss(on: pair) * Float(pair.tokenCount), other: ()) }
            loss += Double(alone.loss)
            sums = zip(sums, alone.gradients.values).map { $0 + Double($1) }
        }
        #expect(abs(Double(together.loss) - loss) < 1e-3)
        #expect(difference(together.gradients.values.map(Double.init), sums) < 1e-3)
        #expect((sums.map(abs).max() ?? 0) > 1)
    }

    @Test func bucketsLessenPadding() throws {
        var configuration = Self.tinyConfiguration()
        let bucketed = try Self.trainer(configuration).task
        configuration.usesBuckets = false
        let plain = try Self.trainer(configuration).task
        let places = [bucketed, plain].map { task in (0..<task.stepsPerEpoch).flatMap { task.plan[$0] }.sorted() }
        #expect(places[0] == Array(places[0].indices) && places[1] == places[0])
        let (few, many) = (bucketed.paddingShares, plain.paddingShares)
        #expect(few.source < 0.1 && few.target < 0.1 && many.source > 0.2 && many.target > 0.2)
    }

    // MARK: Training

    @Test func learnsToReverse() throws {
        var trainer = try Self.trainer(Self.tinyConfiguration(), pairs: 600)
        for _ in 0..<400 { try trainer.advance() }
        let evaluation = try #require(try trainer.validation())
        #expect((evaluation.measures["BLEU"] ?? 0) > 80 && evaluation.loss < 0.3, "\(evaluation)")
        let (task, model) = (trainer.task, trainer.model)
        let translation = try model.evaluate { network in
            try network.translations(of: ["S1 s2 unheard."], task.preparation, maximumLength: 10)[0]
        }
        #expect(translation.source == "s1 s2 unheard ." && translation.unknownWords == ["unheard"])
        #expect(translation.text.hasSuffix("t2 t1 ."), "\(translation.text)")
        let picture = try #require(translation.attentionPicture)
        #expect(picture.columnLabels == ["s1", "s2", "unheard", "."] && picture.rowLabels.last == "<eos>")
        #expect(picture.values.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
        let pictures = try model.evaluate { try task.pictures(of: $0) }
        #expect(pictures.isEmpty, "no sentence has six words")
    }

    @Test func weightsThatAreNoNumbersAreTold() throws {
        let trainer = try Self.trainer(Self.tinyConfiguration(), pairs: 40)
        let task = trainer.task
        var model = trainer.model
        for entry in model.parameters.layout.entries {
            model.parameters.set(entry.name, to: Array(repeating: .nan, count: entry.count))
        }
        let broken = model
        let refusal = message { _ = try broken.evaluate { try task.validation(of: $0) } }
        #expect(refusal.hasSuffix("its weights are unusable"), "\(refusal)")
    }

    /// A sampled softmax in training leads to a network that the softmax over all tokens finds good too.
    @Test func learnsFromDrawnTokens() throws {
        var configuration = Self.tinyConfiguration()
        configuration.samples = 4
        var trainer = try Self.trainer(configuration)
        let before = try #require(try trainer.validation()).loss
        for _ in 0..<150 { try trainer.advance() }
        let after = try #require(try trainer.validation()).loss
        #expect(before > 2 && after < before / 2, "\(before), \(after)")
        configuration.samples = 100
        #expect(
            message { _ = try Self.trainer(configuration) }.contains("`samples` is 100, but the translations"))
    }

    @Test func aBeamFindsWhatIsAtLeastAsLikely() throws {
        var trainer = try Self.trainer(Self.tinyConfiguration())
        for _ in 0..<40 { try trainer.advance() }
        let (task, model) = (trainer.task, trainer.model)
        let sentences = task.evaluated.map(\.source)
        let search = try BeamSearch(width: 8, maximumLength: 10, lengthPenalty: 0)
        let (greedy, beam) = try model.evaluate { network in
            (
                try network.translations(of: sentences, task.preparation, maximumLength: 10),
                try network.translations(of: sentences, task.preparation, maximumLength: 10, beam: search)
            )
        }
        #expect(greedy.map(\.source) == sentences && beam.map(\.source) == sentences)
        let gains = zip(greedy, beam).filter { $0.0.hypothesis.isComplete }
            .map { $1.hypothesis.logProbability - $0.hypothesis.logProbability }
        #expect(gains.count > 10 && gains.count { $0 > -1e-4 } > gains.count * 9 / 10)
        #expect(gains.contains { $0 > 0.01 })
    }

    @Test func resumesToTheSameBitsOnAnyNumberOfThreads() throws {
        try withTemporaryDirectory { directory in
            var configuration = Self.tinyConfiguration()
            configuration.data = directory + "/pairs.tsv"
            configuration.dropout = 0.3
            let lines = Self.toyPairs(80).map { "\($0.source)\t\($0.target)\tsomebody\n" }.joined()
            try Data(lines.utf8).write(to: URL(filePath: directory + "/pairs.tsv"))
            let areSame = try leadsToTheSameBits(TranslateTask.self, configuration, in: directory)
            #expect(areSame)
        }
    }

    @Test func graphHasTheParametersOfTheModel() throws {
        let preparation = TranslatePreparation(
            source: try SentenceVocabulary(of: ["a b c"]), target: try SentenceVocabulary(of: ["d e"]))
        let layout = TranslateTask.makeModel(Self.tinyConfiguration(), preparation).parameters.layout
        let graph = TranslateTask.graph(Self.tinyConfiguration(), preparation, parameters: layout)
        #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
    }
}
