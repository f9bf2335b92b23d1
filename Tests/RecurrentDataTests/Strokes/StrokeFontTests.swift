import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct StrokeFontTests {
    private func font(_ text: String) throws -> StrokeFont { try StrokeFont(hershey: Array(text.utf8), name: "x.jhf") }

    /// A space, an exclamation mark of two strokes, and a quotation mark that goes on in the next line.
    private let file = "  699  1JZ\n  714  6MWRFRT RRYQ[\n  717  5JZNFNM\n RVF\n"

    @Test func lettersOfHershey() throws {
        let font = try font(file)
        #expect(font.characters == [" ", "!", "\""])
        #expect(font.glyphs[" "] == .init(advance: 16.0 / 14, strokes: []))
        let mark = try #require(font.glyphs["!"])
        #expect(mark.advance == 10.0 / 14)
        func scaled(_ x: Double, _ y: Double) -> SIMD2<Double> { SIMD2(x / 14, y / 14) }
        let expected = [[scaled(5, -21), scaled(5, -7)], [scaled(5, -2), scaled(4, 0)]]
        #expect(mark.strokes == expected)
        #expect(font.glyphs["\""]?.strokes.map(\.count) == [2, 1])
        #expect(font.drawings.map(\.text) == ["!", "\""])
    }

    @Test func lettersBeyondASCIIAreLeftOut() throws {
        let font = try font(String(repeating: "12345  3JZNFNM\r\n", count: 200))
        #expect(font.glyphs.count == 95)
    }

    @Test(arguments: [
        "", "\n\n", "  699", "  699  0JZ", "  699 -1JZ", "  699  xJZ", "  699  2JZ", "  699  1JZR", "  699  1Z\n",
        "  699  1ZJ", "  699  2JZ\u{1}R", "  699  2JZé", "  699999JZ", String(repeating: "9", count: 100_000),
    ])
    func filesThatAreNone(_ text: String) {
        #expect(message { _ = try font(text) }.hasPrefix("x.jhf"))
    }

    @Test func damagedFiles() throws {
        try readDamaged(Array(file.utf8), name: "x.jhf") { _ = try StrokeFont(hershey: $0, name: "x.jhf") }
    }

    @Test func thePlainHand() throws {
        let font = StrokeFont.plain
        #expect(Set(font.characters) == Set("abcdefghijklmnopqrstuvwxyz0123456789 .,'-?!"))
        for (character, glyph) in font.glyphs where character != " " {
            let points = glyph.strokes.joined()
            #expect(!points.isEmpty)
            // Within the letter's own width, but for a hook or two, and between the longest strokes up and down.
            #expect(points.allSatisfy { -0.1 < $0.x && $0.x < glyph.advance }, "\(character)")
            #expect(points.allSatisfy { -1.65 < $0.y && $0.y < 0.7 }, "\(character)")
            let jumps = glyph.strokes.flatMap { zip($0, $0.dropFirst()).map { ($1 - $0).length } }
            #expect(jumps.allSatisfy { $0 > 0 && $0 < 2 }, "\(character)")
        }
        #expect(font.glyphs[" "]?.strokes == [])
    }
}
