import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct AddingTaskTests {
    private static func small(_ cell: CellKind = .gru, length: Int = 6) -> AddingConfiguration {
        var configuration = AddingConfiguration(cell: cell)
        configuration.hiddenSize = 16
        configuration.sequenceLength = length
        return configuration
    }

    @Test(arguments: [2, 3, 10, 101])
    func oneNumberOfEachHalfIsMarkedAndTheirSumWanted(_ length: Int) {
        var random = RandomSource(seed: 3)
        let sequences = AddingSequences(count: 40, length: length, random: &random)
        #expect(sequences.inputs.shape == [length, 40, 2] && sequences.sums.shape == [40, 1])
        let values = sequences.inputs.values
        var places: Set<Int> = []
        for sequence in 0..<40 {
            func value(_ time: Int, _ feature: Int) -> Float { values[(time * 40 + sequence) * 2 + feature] }
            let marked = (0..<length).filter { value($0, 1) == 1 }
            #expect((0..<length).allSatisfy { value($0, 1) == 0 || value($0, 1) == 1 })
            #expect((0..<length).allSatisfy { value($0, 0) >= 0 && value($0, 0) < 1 })
            #expect(marked.count == 2 && marked[0] < length / 2 && marked[1] >= length / 2)
            #expect(sequences.sums.values[sequence] == value(marked[0], 0) + value(marked[1], 0))
            places.formUnion(marked)
        }
        #expect(length > 10 || places.count == length)
    }

    @Test func chanceIsTheVarianceOfTheSums() {
        var random = RandomSource(seed: 4)
        let sums = AddingSequences(count: 20_000, length: 2, random: &random).sums.values
        let error = sums.reduce(0) { $0 + Double(($1 - 1) * ($1 - 1)) } / 20_000
        #expect(abs(error - AddingSequences.chanceError) < 0.005)
    }

    @Test func everyBatchOfEveryPassIsNewAndTheSameAgain() {
        var task = AddingTask(Self.small())
        func batches(epoch: UInt64) -> [[Float]] {
            task.beginEpoch(0, random: RandomSource(seed: 1, operation: 3 + epoch))
            return (0..<3).map { task.batch($0).inputs.values }
        }
        let first = batches(epoch: 0)
        let second = batches(epoch: 1)
        #expect(Set(first + second).count == 6)
        #expect(batches(epoch: 0) == first)
    }

    @Test func aReLUNetworkBeginsWithTheIdentity() throws {
        let model = AddingTask.makeModel(Self.small(.reluRNN), NoPreparation())
        let weight = try #require(model.parameters["cell.recurrentWeight"])
        let identity: [Float] = (0..<256).map { $0 % 17 == 0 ? 1 : 0 }
        #expect(weight.values == identity)
    }

    @Test(arguments: CellKind.allCases)
    func theTrainedNetworkLeavesItsGradientsAsAPicture(_ cell: CellKind) throws {
        let task = AddingTask(Self.small(cell))
        let model = AddingTask.makeModel(task.configuration, NoPreparation())
        let pictures = model.evaluate { task.pictures(of: $0) }
        #expect(pictures.map(\.name) == ["gradient-norms"])
        try checkPicture(try #require(pictures[0].picture as? LineChart))
        let norms = model.evaluate { $0.gradientNorms(on: task.validation[0]) }
        #expect(norms.hidden.count == 6 && norms.hidden.allSatisfy { $0 > 0 })
    }

    @Test(arguments: CellKind.allCases)
    func aTrainingIsTakenUpAgainToTheBit(_ cell: CellKind) throws {
        try withTemporaryDirectory { directory in
            let isTheSame = try leadsToTheSameBits(AddingTask.self, Self.small(cell), in: directory)
            #expect(isTheSame)
        }
    }

    @Test func whatCannotBeIsRefused() {
        func refusal(_ change: (inout AddingConfiguration) -> Void) -> String {
            var configuration = AddingConfiguration()
            change(&configuration)
            return message { try configuration.validate() }
        }
        #expect(refusal { _ in } == "")
        #expect(refusal { $0.sequenceLength = 1 } == "`sequenceLength` is 1; expected 2 to 1000000")
        #expect(refusal { $0.hiddenSize = 0 }.hasPrefix("`hiddenSize` is 0"))
        #expect(refusal { $0.batchSize = 0 }.hasPrefix("`batchSize` is 0"))
        #expect(refusal { $0.data = "here" }.hasPrefix("`data` is here; expected none"))
        #expect(refusal { $0.optimization.learningRate = 0 }.hasPrefix("`learningRate` is 0"))
    }
}
