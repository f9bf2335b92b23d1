import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct TextStreamsTests {
    @Test func windowsFollowTheStreams() throws {
        // 14 tokens in 2 streams: L = 6, windows of 3: 2 in an epoch.
        let streams = try TextStreams(tokens: (0..<14).map { Int32($0) }, batchSize: 2, sequenceLength: 3)
        #expect(streams.streamLength == 6 && streams.windowsPerEpoch == 2)
        #expect(streams.window(0).inputs == [0, 6, 1, 7, 2, 8])
        #expect(streams.window(0).targets == [1, 7, 2, 8, 3, 9])
        #expect(streams.window(1).inputs == [3, 9, 4, 10, 5, 11])
        #expect(streams.window(1).targets == [4, 10, 5, 11, 6, 12])
    }

    @Test func theShortestTextIsOneWindow() throws {
        let streams = try TextStreams(tokens: [5, 6, 7, 8, 9, 10, 11], batchSize: 2, sequenceLength: 3)
        #expect(streams.windowsPerEpoch == 1)
        #expect(streams.window(0).targets == [6, 9, 7, 10, 8, 11])
        let error = #expect(throws: RecurrentError.self) {
            try TextStreams(tokens: [5, 6, 7, 8, 9, 10], batchSize: 2, sequenceLength: 3, name: "x.txt")
        }
        #expect(error?.description.hasPrefix("x.txt has 6 tokens; ") == true)
        #expect(error?.description.contains("needs at least 7") == true)
    }

    @Test(arguments: [(0, 3), (2, 0), (-1, 3), (2, -5), (Int.max, 3), (Int.max, 1), (Int.min, Int.min)])
    func absurdSizesAreRefused(batchSize: Int, sequenceLength: Int) {
        #expect(throws: RecurrentError.self) {
            try TextStreams(tokens: [0, 1, 2], batchSize: batchSize, sequenceLength: sequenceLength)
        }
    }
}
