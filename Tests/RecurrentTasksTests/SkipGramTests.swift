import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct SkipGramTests {
    /// Paragraphs with the words of one group or another: names occur beside verbs of their group.
    static func text(_ sentences: Int) -> String {
        var random = RandomSource(seed: 17)
        let groups = [
            (["cat", "dog", "cow"], ["eats", "sleeps", "runs"]),
            (["one", "two", "three"], ["plus", "minus", "times"]),
        ]
        func pick(_ words: [String]) -> String { words[Int(random.unitInterval() * Double(words.count))] }
        return (0..<sentences).map { place in
            let (names, verbs) = groups[place / 20 % 2]
            return "\(pick(names)) \(pick(verbs)) \(pick(verbs))."
        }.joined(separator: "\n")
    }

    static func configuration(_ path: String) -> SkipGramConfiguration {
        var configuration = SkipGramConfiguration()
        configuration.data = path
        configuration.embeddingSize = 8
        configuration.window = 2
        configuration.batchSize = 64
        configuration.subsampling = 0
        configuration.optimization = Optimization(learningRate: 0.02)
        return configuration
    }

    static func withText<Result>(_ text: String = text(600), _ body: (SkipGramConfiguration) throws -> Result) throws
        -> Result
    {
        try withTemporaryDirectory { directory in
            let path = directory + "/text.txt"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try body(configuration(path))
        }
    }

    private static func trainer(_ configuration: SkipGramConfiguration) throws -> Trainer<SkipGramTask> {
        let source = try SkipGramTask.read(configuration)
        let preparation = try SkipGramTask.prepare(source, configuration)
        return Trainer(
            model: SkipGramTask.makeModel(configuration, preparation),
            optimizer: configuration.optimization.makeOptimizer(),
            task: try SkipGramTask(configuration, preparation: preparation, source: source), seed: 1)
    }

    @Test func wordsOfLikeContextsBecomeNeighbours() throws {
        try Self.withText { configuration in
            var trainer = try Self.trainer(configuration)
            let before = try #require(try trainer.validation()).loss
            while trainer.epoch < 12 { try trainer.advance() }
            #expect(try #require(try trainer.validation()).loss < before - 0.5)
            let vectors = try WordVectors(
                words: trainer.task.frequencies.words, vectors: trainer.model.evaluate { $0.words.table })
            #expect(
                Set(vectors.words)
                    == Set(
                        "cat dog cow eats sleeps runs one two three plus minus times".split(separator: " ").map(
                            String.init)))
            for kind in [["cat", "dog", "cow"], ["one", "two", "three"]] {
                for word in kind {
                    let near = try vectors.neighbours(of: word, count: 2).map(\.word)
                    #expect(Set(near + [word]) == Set(kind), "\(word): \(near)")
                }
            }
        }
    }

    /// The loss written out for each pair, and its gradients.
    @Test func lossesAreThoseOfThePaper() throws {
        var random = RandomSource(seed: 5)
        let pairs = SkipGramPairs(
            around: [0, 3], in: [0, 1, 2, 3, 4], window: 2, negatives: 3,
            from: NegativeSampler(counts: [5, 4, 3, 2, 1]),
            random: &random)
        var model = Model(seed: 2) { SkipGramNetwork(words: 5, width: 4, &$0) }
        model.parameters.set("contexts.table", to: noise([20], 3).values)
        let table = try #require(model.parameters["words.table"]).doubles
        let contexts = try #require(model.parameters["contexts.table"]).doubles
        func product(_ word: Int32, _ context: Int32) -> Double {
            (0..<4).reduce(0) { $0 + table[Int(word) * 4 + $1] * contexts[Int(context) * 4 + $1] }
        }
        func negativeLogSigmoid(_ x: Double) -> Double { log1p(exp(-x)) }
        let expected = pairs.centres.values.indices.map { pair in
            let centre = pairs.centres.values[pair]
            return (0..<3).reduce(negativeLogSigmoid(product(centre, pairs.contexts.values[pair]))) {
                $0 + negativeLogSigmoid(-product(centre, pairs.negatives.values[pair * 3 + $1]))
            }
        }
        let found = model.evaluate { $0.losses(pairs).doubles }
        #expect(found.count > 2 && difference(found, expected) < 1e-6)
        let gradients = model.gradients { ($0.losses(pairs).sum(), ()) }.gradients
        let touched = Set(pairs.centres.values)
        let rows = try #require(gradients["words.table"])
        for word in 0..<5 {
            #expect((rows[word].values.contains { $0 != 0 }) == touched.contains(Int32(word)))
        }
    }

    @Test func pairsStayWithinTheirWindow() {
        var random = RandomSource(seed: 4)
        let text = (0..<50).map { Int32($0) }
        let pairs = SkipGramPairs(
            around: Array(repeating: 20, count: 3000) + [0, 49], in: text, window: 3, negatives: 2,
            from: NegativeSampler(counts: Array(repeating: 1, count: 50)), random: &random)
        let distances = zip(pairs.centres.values, pairs.contexts.values).map { abs($0 - $1) }
        #expect(distances.allSatisfy { (1...3).contains($0) })
        // A window of 1, 2 or 3 with equal probability: distances of 1, 2, 3 in the ratio 3 : 2 : 1.
        let counts = (1...3).map { distance in Double(distances.count { $0 == distance }) }
        #expect(abs(counts[0] / 6000 - 1) < 0.01)
        #expect(abs(counts[1] / 4000 - 1) < 0.05 && abs(counts[2] / 2000 - 1) < 0.1)
        #expect(pairs.negatives.shape == [distances.count, 2])
    }

    @Test func negativesFollowThePowerOfTheCounts() {
        let counts = [1000, 100, 10, 1]
        let sampler = NegativeSampler(counts: counts)
        var random = RandomSource(seed: 6)
        let drawn = sampler.draw(100_000, &random)
        let powers = counts.map { pow(Double($0), 0.75) }
        for (word, power) in powers.enumerated() {
            let expected = 100_000 * power / powers.reduce(0, +)
            #expect(abs(Double(drawn.count { $0 == Int32(word) }) - expected) < 5 * expected.squareRoot())
        }
    }

    @Test func frequentWordsAreLeftOut() throws {
        let words = Array(repeating: "the", count: 900) + Array(repeating: "king", count: 99) + ["once"]
        let frequencies = try WordFrequencies(of: words, minimumCount: 2, limit: 10, name: "the words")
        #expect(frequencies.words == ["the", "king"] && frequencies.counts == [900, 99])
        #expect(frequencies.keepProbabilities(subsampling: 0) == [1, 1])
        let ratio = 0.01 * 999 / 900.0
        let kept = frequencies.keepProbabilities(subsampling: 0.01).map(Double.init)
        #expect(abs(kept[0] - (ratio.squareRoot() + ratio)) < 1e-6 && kept[1] < 0.5 && kept[1] > kept[0])
        #expect(try WordFrequencies(of: words + words, minimumCount: 1, limit: 2, name: "").words == ["the", "king"])
        #expect(WordFrequencies.words(in: "Don't STOP -- 1st, caf\u{E9}!") == ["don't", "stop", "1st", "caf\u{E9}"])
    }

    /// In a text of different words, where all contexts have the same vector, a centre's gradient is the share of its
    /// pairs among those of the step: it tells which words a step takes, and how often.
    @Test(arguments: [0, 0.0015])
    func aPassTakesEveryWordOnce(_ subsampling: Double) throws {
        let count = 200
        try Self.withText((0..<count).map { "word\($0)" }.joined(separator: " ")) { configuration in
            var configuration = configuration
            (configuration.window, configuration.negatives, configuration.batchSize) = (1, 3, 16)
            (configuration.minimumCount, configuration.subsampling) = (1, subsampling)
            configuration.validationFraction = 0
            let source = try SkipGramTask.read(configuration)
            let preparation = try SkipGramTask.prepare(source, configuration)
            var task = try SkipGramTask(configuration, preparation: preparation, source: source)
            var random = RandomSource(seed: 1, operation: 3)
            task.beginEpoch(0, random: random)
            let (text, probabilities) = (
                preparation.encode(source.data), preparation.keepProbabilities(subsampling: subsampling)
            )
            let kept = zip(text, random.uniform(count: count)).compactMap { probabilities[Int($0)] > $1 ? $0 : nil }
            #expect(subsampling == 0 ? kept == text : kept.count > 100 && kept.count < count)
            var model = SkipGramTask.makeModel(configuration, preparation)
            let elements = count * configuration.embeddingSize
            model.parameters.set("words.table", to: Array(repeating: 0, count: elements))
            model.parameters.set("contexts.table", to: Array(repeating: 1, count: elements))
            var taken: [Int32] = []
            #expect(task.stepsPerEpoch > 10)
            for position in 0..<task.stepsPerEpoch {
                let gradients = model.gradients {
                    (task.loss(of: $0, position: position), ())
                }.gradients
                let table = try #require(gradients["words.table"])
                let shares = (0..<count).map { table[$0].values[0] }
                let centres = shares.indices.filter { shares[$0] != 0 }.map { Int32($0) }
                // Each has a neighbour on either side, but for the ends of the text.
                let pairs = centres.map { Float($0 == kept.first || $0 == kept.last ? 1 : 2) }
                let all = pairs.reduce(0, +)
                for (centre, own) in zip(centres, pairs) { #expect(abs(shares[Int(centre)] - own / all) < 1e-6) }
                taken += centres
            }
            #expect(taken.sorted() == kept.sorted())
        }
    }

    @Test func sameBitsOnAnyThreadsAndResumed() throws {
        try Self.withText { configuration in
            try withTemporaryDirectory { directory in
                let same = try leadsToTheSameBits(SkipGramTask.self, configuration, in: directory)
                #expect(same)
            }
        }
    }

    @Test(arguments: [
        (
            "one two\n",
            "has 0 words that occur 5 times or more (`minimumCount`), of 2 different ones; expected 2 or more"
        ),
        ("... !!!\n", "has 0 words that occur 5 times or more"),
    ])
    func textsWithoutWords(_ text: String, _ expected: String) throws {
        try Self.withText(text) { configuration in
            let error = #expect(throws: RecurrentError.self) { try Self.trainer(configuration) }
            #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
        }
    }

    @Test func storedWordsAreChecked() throws {
        for text in [
            #"{"words":["a","a"],"counts":[1,1]}"#, #"{"words":["a","b"],"counts":[1]}"#,
            #"{"words":["a","b"],"counts":[1,-1]}"#, #"{"words":[],"counts":[]}"#,
            #"{"words":["a",""],"counts":[2,1]}"#, #"{"words":["a","b c"],"counts":[2,1]}"#,
            #"{"words":["a","b"],"counts":[1,2]}"#, #"{"words":["a","b"],"counts":[9000000000000000000,1]}"#,
        ] {
            let stored = try JSONDecoder().decode(WordFrequencies.self, from: Data(text.utf8))
            #expect(throws: RecurrentError.self) { try SkipGramTask.check(stored, SkipGramConfiguration()) }
        }
    }
}
