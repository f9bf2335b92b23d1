import TestSupport
import Testing

@testable import Recurrent

@Suite struct SequenceEndsTests {
    @Test func lastStepsAreEverySequencesOwn() {
        let x = Tensor((0..<12).map(Float.init), shape: [3, 2, 2])
        #expect(x.lastSteps(lengths: [3, 1]).values == [8, 9, 2, 3])
        #expect(x.lastSteps(lengths: [0, 2]).values == [0, 1, 6, 7])
    }

    @Test func lastStepsHaveTheRightGradient() {
        let check = checkGradients(at: [noise([4, 3, 2], 1)]) { weighted($0[0].lastSteps(lengths: [4, 1, 2])) }
        #expect(check.largestError < 1e-8)
    }

    @Test func lastOutputOfACellIsItsFinalState() {
        let cell = Model(seed: 1) { GRUCell(inputSize: 3, hiddenSize: 4, &$0) }
        cell.evaluate { cell in
            let result = cell.unroll(noise([5, 3, 3], 1, precision: .single), lengths: [5, 2, 3])
            #expect(result.outputs.lastSteps(lengths: [5, 2, 3]).values == result.state.values)
        }
    }
}
