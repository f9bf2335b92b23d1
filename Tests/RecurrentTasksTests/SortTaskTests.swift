import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct SortTaskTests {
    private static func small(_ change: (inout SortConfiguration) -> Void = { _ in }) -> SortConfiguration {
        var configuration = SortConfiguration()
        configuration.limit = 10
        (configuration.minimumLength, configuration.maximumLength) = (2, 3)
        configuration.network.hiddenSize = 16
        configuration.batchSize = 8
        change(&configuration)
        return configuration
    }

    @Test func everyLengthAndNumberIsDrawnAndEqualOnesToo() {
        let kind = NumberLists(limit: 12, lengths: 5...9)
        var random = RandomSource(seed: 2)
        let lists = kind.draw(2000, for: .training, random: &random)
        #expect(Set(lists.map(\.count)) == Set(5...9))
        #expect(Set(lists.joined()) == Set(0..<12))
        #expect(lists.contains { Set($0).count < $0.count } && lists.contains { Set($0).count == $0.count })
    }

    /// No list is in two of the parts, in whatever order of its numbers.
    @Test func everyListIsInOnePartOnly() {
        var random = RandomSource(seed: 3)
        let kind = NumberLists(limit: 10, lengths: 2...3)
        func drawn(_ count: Int, _ part: NumberLists.Part) -> Set<[Int]> {
            Set(kind.draw(count, for: part, random: &random).map { $0.sorted() })
        }
        let (training, validation, test) = (drawn(20_000, .training), drawn(5000, .validation), drawn(5000, .test))
        #expect(training.isDisjoint(with: validation.union(test)) && validation.isDisjoint(with: test))
        // Of all 55 + 220 collections of numbers about a sixteenth is for validation, and another one for the test.
        #expect(training.count + validation.count + test.count == 275)
        #expect((10...25).contains(validation.count) && (10...25).contains(test.count))
        #expect(NumberLists.part(of: [3, 1, 2]) == NumberLists.part(of: [2, 3, 1]))
        let task = SortTask(SortConfiguration())
        #expect((0..<3).allSatisfy { task.batch($0).allSatisfy { NumberLists.part(of: $0) == .training } })
    }

    /// Even where there are hardly any lists, those of the test choose nothing.
    @Test(arguments: [(10, 2), (10, 3), (100, 10)])
    func testListsAreNotThoseOfValidation(_ limit: Int, _ length: Int) {
        var configuration = SortConfiguration()
        configuration.limit = limit
        (configuration.minimumLength, configuration.maximumLength) = (length, length)
        let (validation, test) = (SortTask(configuration).validation, SortTask.testLists(configuration))
        #expect(validation.count == 1000 && test.count == 1000)
        #expect(Set(validation.map { $0.sorted() }).isDisjoint(with: Set(test.map { $0.sorted() })))
        #expect(validation.allSatisfy { NumberLists.part(of: $0) == .validation })
        #expect(test.allSatisfy { NumberLists.part(of: $0) == .test })
    }

    /// With a single number there might be no list of a part, and drawing one would not end.
    @Test func listsOfTooFewNumbersAreAMistake() async {
        await #expect(processExitsWith: .failure) { _ = NumberLists(limit: 1, lengths: 1...1) }
        await #expect(processExitsWith: .failure) { _ = NumberLists(limit: 9, lengths: 2...3) }
    }

    @Test func weightsThatAreNoNumbersAreTold() {
        let configuration = Self.small()
        var model = SortTask.makeModel(configuration, NoPreparation())
        for entry in model.parameters.layout.entries {
            model.parameters.set(entry.name, to: Array(repeating: .nan, count: entry.count))
        }
        let broken = model
        let refusal = message { _ = try broken.evaluate { try SortTask(configuration).validation(of: $0) } }
        #expect(refusal.hasSuffix("its weights are unusable"), "\(refusal)")
    }

    @Test func everyBatchOfEveryPassIsNewAndTheSameAgain() {
        var task = SortTask(SortConfiguration())
        func batches(epoch: UInt64) -> [[[Int]]] {
            task.beginEpoch(0, random: RandomSource(seed: 1, operation: 3 + epoch))
            return (0..<3).map { task.batch($0) }
        }
        let (first, second) = (batches(epoch: 0), batches(epoch: 1))
        #expect(Set(first + second).count == 6)
        #expect(batches(epoch: 0) == first)
    }

    @Test func aListIsReadAndWrittenInOrder() throws {
        let kind = NumberLists(limit: 100, lengths: 2...5)
        let pairs = kind.pairs([[31, 4, 15, 4]])
        #expect(pairs.source.tokens.values == [35, 8, 19, 8])
        #expect(pairs.written.tokens.values == [8, 8, 19, 35, SpecialToken.end])
        #expect(kind.words([8, 2, 103]) == ["4", "<eos>", "99"] && kind.tokenCount == 104)
        #expect(try kind.numbers(" 31 4,15, 4\t") == [31, 4, 15, 4])
        #expect(message { _ = try kind.numbers("  ") }.hasPrefix("\"  \" has 0 numbers"))
        #expect(
            message { _ = try kind.numbers("3 100") }
                == "\"100\", number 2 of \"3 100\": expected a whole number from 0 to 99")
        for wrong in ["3 -1", "3 x", "3 1.5", "3 99999999999999999999", "3 \u{0}"] {
            #expect(message { _ = try kind.numbers(wrong) }.contains("number 2 of"))
        }
        #expect(message { _ = try kind.numbers(String(repeating: "1 ", count: 50_000)) }.contains("50000 numbers"))
    }

    private static func trained(_ configuration: SortConfiguration, steps: Int) throws -> Model<EncoderDecoder> {
        var trainer = try Trainer<SortTask>(configuration)
        for _ in 0..<steps { try trainer.advance() }
        return trainer.model
    }

    /// Lists of two or three digits, those that were held back too.
    @Test func aSmallProblemIsLearned() throws {
        let configuration = Self.small {
            $0.network.hiddenSize = 64
            $0.batchSize = 64
            $0.optimization.learningRate = 1e-2
            $0.optimization.schedule = LearningRateSchedule(.cosine(steps: 600))
        }
        let model = try Self.trained(configuration, steps: 600)
        let lists = SortTask.testLists(configuration)
        let found = try model.evaluate { try SortTask.evaluate($0, on: lists, configuration) }
        let (exact, accuracy) = (found.measures["exact"]!, found.measures["accuracy"]!)
        #expect(exact > 0.8 && accuracy > 0.9 && accuracy >= exact, "\(found)")
        let written = try model.evaluate { try SortTask.sorted(lists, by: $0, configuration) }
        let right = zip(written, lists).count { $0 == configuration.lists.tokens($1.sorted()) }
        #expect(Double(right) / 1000 == exact)
    }

    /// An untrained network sorts nothing, and its numbers are right about as often as chance has it.
    @Test func chanceIsJudgedAsChance() throws {
        let configuration = SortConfiguration()
        let model = SortTask.makeModel(configuration, NoPreparation())
        let found = try model.evaluate { try SortTask(configuration).validation(of: $0) }!
        #expect(found.measures["exact"] == 0 && found.measures["accuracy"]! < 0.1)
        #expect(abs(found.loss - 4.64) < 0.2, "the logarithm of 104 tokens")
    }

    @Test func attentionIsDrawn() throws {
        let configuration = Self.small { $0.network.attention = .additive }
        let task = SortTask(configuration)
        let model = SortTask.makeModel(configuration, NoPreparation())
        let pictures = try model.evaluate { try task.pictures(of: $0) }
        #expect(pictures.map(\.name) == ["attention"])
        let map = try #require(pictures[0].picture as? HeatMap)
        #expect(map.columnLabels == SortTask.testLists(configuration)[0].map(String.init))
        #expect(map.values.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 } && map.rowLabels.count == map.values.count)
        try checkPicture(map)
        let hypothesis = Hypothesis(
            tokens: [4], logProbability: -1, score: -1, isComplete: true,
            attention: [[0.994, 0.004, 0.002], [0.5, 0.5, 0]])
        let drawn = HeatMap(title: "", attention: hypothesis, source: ["a", "b", "c"], target: ["x"])
        #expect(drawn.cellTexts == [["0.99", "", ""], ["0.5", "0.5", ""]] && drawn.rowLabels == ["x", "<eos>"])
        #expect(try model.evaluate { try SortTask(Self.small()).pictures(of: $0) }.isEmpty)
    }

    @Test(arguments: TestEncoderDecoder.all)
    func theNetworkIsDrawn(_ test: TestEncoderDecoder) throws {
        let configuration = Self.small { $0.network = test.configuration }
        let layout = SortTask.makeModel(configuration, NoPreparation()).parameters.layout
        let graph = SortTask.graph(configuration, NoPreparation(), parameters: layout)
        #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
        try checkPicture(graph)
    }

    @Test(arguments: [nil, AttentionKind.additive])
    func aTrainingIsTakenUpAgainToTheBit(_ attention: AttentionKind?) throws {
        try withTemporaryDirectory { directory in
            let configuration = Self.small {
                $0.network.attention = attention
                $0.network.feedsContext = attention != nil
                $0.network.dropout = 0.2
            }
            let isTheSame = try leadsToTheSameBits(SortTask.self, configuration, in: directory)
            #expect(isTheSame)
        }
    }

    @Test func whatCannotBeIsRefused() {
        func refusal(_ change: (inout SortConfiguration) -> Void) -> String {
            var configuration = SortConfiguration()
            change(&configuration)
            return message { try configuration.validate() }
        }
        #expect(refusal { _ in } == "")
        #expect(refusal { $0.minimumLength = 1 } == "`lengths` is 1-10; expected 2 to 1000 numbers, as in 10 or 5-15")
        #expect(refusal { $0.maximumLength = 5 }.hasPrefix("`lengths` is 10-5"))
        #expect(refusal { $0.maximumLength = 1001 }.hasPrefix("`lengths` is 10-1001"))
        #expect(refusal { $0.limit = 9 }.hasPrefix("`limit` is 9; expected 10 to 10000"))
        #expect(refusal { $0.hiddenSize = 0 }.hasPrefix("`hiddenSize` is 0"))
        #expect(refusal { $0.layers = 0 }.hasPrefix("`layers` is 0"))
        #expect(refusal { $0.dropout = 1 }.hasPrefix("`dropout` is 1"))
        #expect(refusal { $0.batchSize = 0 }.hasPrefix("`batchSize` is 0"))
        #expect(refusal { $0.data = "here" }.hasPrefix("`data` is here; expected none"))
        #expect(refusal { ($0.network.isBidirectional, $0.network.attention) = (true, .dot) }.contains("\"dot\""))
    }
}
