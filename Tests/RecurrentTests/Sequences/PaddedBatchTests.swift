import TestSupport
import Testing

@testable import Recurrent

@Suite struct PaddedBatchTests {
    @Test func shorterSequencesAreFilledUp() {
        let batch = PaddedBatch([[1, 2, 3], [], [4]], padding: 9)
        #expect(batch.tokens == IntegerTensor([1, 9, 4, 2, 9, 9, 3, 9, 9], shape: [3, 3]))
        #expect(batch.lengths == [3, 0, 1])
        #expect(PaddedBatch([[], []]).tokens == IntegerTensor([0, 0], shape: [1, 2]))
        #expect(PaddedBatch([]).tokens.shape == [1, 0])
    }
}
