import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct LineComposerTests {
    @Test func stepsBelongToLetters() throws {
        var random = RandomSource(seed: 3)
        let line = try LineComposer().line("ti me", random: &random)
        #expect(line.drawing.text == "ti me")
        #expect(line.letterOfStep.count == line.drawing.steps.count)
        #expect(line.letterOfStep == line.letterOfStep.sorted())
        #expect(Set(line.letterOfStep) == [0, 1, 3, 4])
        // The strokes of t, i, m and e end with the letter.
        let ends = zip(line.drawing.steps, line.letterOfStep).filter { $0.0.endsStroke }.map(\.1)
        #expect(ends == [0, 0, 1, 1, 3, 4])
        #expect(line.drawing.steps[0] == PenStep(dx: 0, dy: 0, endsStroke: false))
    }

    @Test func everyLineIsAnother() throws {
        var random = RandomSource(seed: 3)
        var again = random
        let composer = LineComposer()
        let first = try composer.line("again", random: &random)
        let second = try composer.line("again", random: &random)
        #expect(first != second)
        #expect(try composer.line("again", random: &again) == first)
        #expect(random != again)
        // Without variation they are alike.
        let still = LineComposer(style: WritingStyle().varied(by: 0))
        let third = try still.line("again", random: &random)
        #expect(try still.line("again", random: &random) == third)
    }

    /// Without variation the points lie on the font's lines, leaning as the style says.
    @Test func pointsLieOnTheLetters() throws {
        var style = WritingStyle().varied(by: 0)
        style.slant = 0
        var random = RandomSource(seed: 1)
        let line = try LineComposer(style: style).line("q", random: &random)
        let glyph = try #require(StrokeFont.plain.glyphs["q"]).strokes[0]
        for point in line.drawing.strokes[0].map({ $0 + glyph[0] }) {
            let nearest = zip(glyph, glyph.dropFirst()).map { segmentDistance(of: point, toSegmentFrom: $0, to: $1) }
                .min()
            #expect(try #require(nearest) < 1e-5)
        }
    }

    /// The same way takes more points around corners than straight on.
    @Test func cornersAreSlow() throws {
        func count(_ stroke: [SIMD2<Double>]) throws -> Int {
            let font = StrokeFont(glyphs: ["x": .init(advance: 1, strokes: [stroke])])
            var random = RandomSource(seed: 1)
            return try LineComposer(font: font, style: WritingStyle().varied(by: 0)).line("x", random: &random)
                .drawing.steps.count
        }
        let straight = try count([SIMD2(0, 0), SIMD2(8, 0)])
        let zigzag = try count((0...8).map { SIMD2(Double($0 % 2), 0) })
        #expect(straight >= 8 * 3 && straight <= 8 * 4)
        #expect(zigzag > straight + 8)
    }

    @Test func textsThatCannotBeWritten() {
        var random = RandomSource(seed: 1)
        let composer = LineComposer()
        #expect(
            message { _ = try composer.line("aß", random: &random) }.contains(
                "the character \"ß\" at place 2 of \"aß\""))
        #expect(message { _ = try composer.line("  ", random: &random) }.contains("no letter with strokes"))
        #expect(throws: RecurrentError.self) { try composer.line("", random: &random) }
    }

    @Test func styles() throws {
        try WritingStyle().validate()
        var style = WritingStyle()
        style.pointSpacing = 0
        #expect(throws: RecurrentError.self) { try style.validate() }
        style = WritingStyle().varied(by: .nan)
        #expect(throws: RecurrentError.self) { try style.validate() }
    }
}
