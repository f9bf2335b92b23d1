import Testing

@testable import Recurrent
@testable import RecurrentPictures
@testable import RecurrentStudies

@Suite struct OperationCountTests {
    private func count(_ name: String) throws -> OperationCount {
        OperationCount(of: try #require(BenchmarkConfiguration.all.first { $0.name == name }))
    }

    /// Inputs are numbers, the loss is at the last step.
    @Test func imageLSTM() throws {
        let count = try count("mnist-lstm")
        // Input product and its weights' gradient; the state's product forward and backward; its weights' gradient.
        let input = 2 * 150 * 28 * 28 * 600
        let state = 2 * 150 * 28 * 150 * 600
        let stateGradient = 2 * 150 * 27 * 150 * 600
        let output = 2 * 150 * 150 * 10
        #expect(count.executed == Double(2 * input + 2 * state + stateGradient + 3 * output))
        #expect(count.nominal == Double(3 * (2 * 150 * 28 * 4 * 150 * (28 + 150) + 2 * 150 * 28 * 150 * 10)))
    }

    /// Tokens are looked up: the first layer has no input product.
    @Test func characterGRU() throws {
        let count = try count("char-gru-2x128")
        let product = 2 * 2500 * 128 * 384
        let stateGradient = 2 * 2450 * 128 * 384
        let output = 2 * 2500 * 128 * 65
        #expect(count.executed == Double(2 * (2 * product + stateGradient) + 3 * product + 3 * output))
        let layers = (65 + 128) + (128 + 128)
        #expect(count.nominal == Double(3 * (2 * 2500 * 3 * 128 * layers + 2 * 2500 * 128 * 65)))
    }

    @Test func generatedCharacter() throws {
        let count = try count("generate-lstm-2x128")
        #expect(count.executed == Double(2 * 512 * 128 * 3 + 2 * 128 * 65))
        #expect(count.nominal == Double(2 * 512 * (65 + 128 + 256) + 2 * 128 * 65))
    }

    @Test func namesAreUnique() {
        let names = BenchmarkConfiguration.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count == 13)
    }
}
