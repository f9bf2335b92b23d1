import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct LineTextsTests {
    @Test func letters() throws {
        let texts = try LineTexts(letters: ["a", "b", " "], lengths: 1...6)
        var random = RandomSource(seed: 1)
        let drawn = (0..<500).map { _ in texts.draw(random: &random) }
        #expect(Set(drawn.map(\.count)) == Set(1...6))
        #expect(drawn.allSatisfy { !$0.hasPrefix(" ") && !$0.hasSuffix(" ") && !$0.contains("  ") })
        #expect(Set(drawn.joined()) == ["a", "b", " "])
        var again = RandomSource(seed: 1)
        #expect(drawn[0] == texts.draw(random: &again))
    }

    @Test func words() throws {
        let texts = try LineTexts(words: ["one", "three", "seventeen"], lengths: 4...12)
        var random = RandomSource(seed: 1)
        let drawn = (0..<300).map { _ in texts.draw(random: &random) }
        #expect(
            drawn.allSatisfy { $0.split(separator: " ").allSatisfy { ["one", "three", "seventeen"].contains($0) } })
        #expect(drawn.allSatisfy { $0.count <= 12 })
        #expect(drawn.contains { $0.contains(" ") } && drawn.contains("seventeen"))
    }

    @Test func nothingToDraw() {
        #expect(throws: RecurrentError.self) { try LineTexts(words: [], lengths: 1...2) }
        #expect(throws: RecurrentError.self) { try LineTexts(words: ["a", ""], lengths: 1...2) }
        #expect(throws: RecurrentError.self) { try LineTexts(letters: [" "], lengths: 1...2) }
        #expect(throws: RecurrentError.self) { try LineTexts(letters: ["a"], lengths: 0...2) }
    }
}
