/// Letters that a pen draws in single strokes.
///
/// Units: lower-case letters such as x are 1 high and stand on the line y = 0; y runs downwards.
public struct StrokeFont: Equatable, Sendable {
    /// A letter.
    public struct Glyph: Equatable, Sendable {
        /// From its own left edge to that of the next letter.
        public var advance: Double
        /// The points of each stroke in the pen's order; a stroke of one point is a dot. A space has none.
        public var strokes: [[SIMD2<Double>]]

        /// Makes a letter.
        public init(advance: Double, strokes: [[SIMD2<Double>]]) {
            self.advance = advance
            self.strokes = strokes
        }
    }

    /// The letters.
    package let glyphs: [Character: Glyph]

    /// Makes a font of letters.
    public init(glyphs: [Character: Glyph]) { self.glyphs = glyphs }

    /// The characters that the font has, in the order of their code points.
    public var characters: [Character] { glyphs.keys.sorted() }

    /// Every letter that has strokes as a drawing with its character as text.
    var drawings: [PenDrawing] {
        characters.compactMap { character in
            let drawing = PenDrawing(strokes: glyphs[character]?.strokes ?? [], text: String(character))
            return drawing.steps.isEmpty ? nil : drawing
        }
    }
}
