import Testing

@testable import RecurrentData

@Suite struct TokenSequenceTests {
    /// However many bytes a token takes, the same come back.
    @Test(arguments: [256, 257, 65_536, 65_537, 10_000_000])
    func tokensComeBack(vocabularySize: Int) {
        let tokens = [0, 1, 255, vocabularySize - 1, vocabularySize / 2].map { Int32($0) }
        let kept = TokenSequence(vocabularySize: vocabularySize) { add in
            tokens[..<2].withUnsafeBufferPointer(add)
            tokens[2...].withUnsafeBufferPointer(add)
        }
        #expect(Array(kept) == tokens && kept == TokenSequence(tokens))
        #expect(Array(kept.part(1..<4)) == Array(tokens[1..<4]))
        #expect(Array(kept.part(1..<4).part(1..<3)) == Array(tokens[2..<4]) && kept.part(2..<2).isEmpty)
        #expect(kept.part(3..<5)[1] == tokens[4] && kept != kept.part(0..<4))
    }

    @Test func bytesAreTokens() {
        #expect(Array(TokenSequence(bytes: [0, 127, 255])) == [0, 127, 255])
    }
}
