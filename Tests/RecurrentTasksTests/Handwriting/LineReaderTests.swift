import Testing

@testable import RecurrentData
@testable import RecurrentTasks

@Suite struct LineReaderTests {
    /// Trained on lines of random letters, it reads others, and words with double letters; what is crossed out, cut off
    /// or upside down it does not.
    @Test func linesThatWereNotTrainedOn() throws {
        let composer = LineComposer()
        let letters = Array("abcdefghijklmnopqrstuvwxyz ")
        let reader = try LineReader(
            composer: composer, texts: LineTexts(letters: letters, lengths: 3...8), lineCount: 1200, seed: 1)
        let others = try composer.lines(100, of: LineTexts(letters: letters, lengths: 3...8), seed: 2).map(\.drawing)
        let share = reader.legibleShare(of: others)
        #expect(share >= 0.85, "\(share)")
        let words = try LineTexts(words: ["hello", "will", "zoo", "apple", "moon", "jazz", "queue"], lengths: 4...10)
        let lines = try composer.lines(50, of: words, seed: 3).map(\.drawing)
        let wordShare = reader.legibleShare(of: lines)
        #expect(wordShare >= 0.9, "\(wordShare)")

        let crossed = lines.map { line in
            let end = line.strokes.joined().map(\.x).max() ?? 0
            return PenDrawing(strokes: line.strokes + [[SIMD2(0, -0.4), SIMD2(end, -0.6)]], text: line.text)
        }
        #expect(reader.legibleShare(of: crossed) < 0.3)
        let cut = lines.map { PenDrawing(strokes: $0.strokes.dropLast(2), text: $0.text) }
        #expect(reader.legibleShare(of: cut) < 0.1)
        let turned = lines.map { line in
            PenDrawing(strokes: line.strokes.map { $0.map { SIMD2(-$0.x, -$0.y) } }, text: line.text)
        }
        #expect(reader.legibleShare(of: turned) < 0.1)
        #expect(reader.read([]) == [] && reader.legibleShare(of: []) == 0)
    }
}
