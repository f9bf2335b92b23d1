import Foundation
import Recurrent

/// A line of handwriting that was put together from a font's letters.
public struct ComposedLine: Equatable, Sendable {
    /// The drawing, with its text. The unit is the height of an x; the first point is the origin.
    public var drawing: PenDrawing
    /// The place in the text, counted in characters, of the letter that each step belongs to.
    public var letterOfStep: [Int]
}

/// Writes lines of text in a font's letters, each as a hand would: no two alike.
///
///     var random = RandomSource(seed: 1)
///     let line = try LineComposer().line("hello world", random: &random)
public struct LineComposer: Equatable, Sendable {
    /// The letters.
    public var font: StrokeFont
    /// How they are written.
    public var style: WritingStyle

    /// Makes a composer.
    public init(font: StrokeFont = .plain, style: WritingStyle = WritingStyle()) {
        self.font = font
        self.style = style
    }

    /// Writes lines of random texts. Each has a stream of the seed to itself: how many are written changes none of them.
    ///
    /// - Throws: `RecurrentError` as `line`.
    public func lines(_ count: Int, of texts: LineTexts, seed: UInt64) throws -> [ComposedLine] {
        try (0..<count).map { index in
            var random = RandomSource(seed: seed, operation: UInt64(index))
            let text = texts.draw(random: &random)
            return try line(text, random: &random)
        }
    }

    /// Writes a line. The same text and position of the random source give the same line.
    ///
    /// - Throws: `RecurrentError` naming the first character that the font lacks, or where there is nothing to draw.
    public func line(_ text: String, random: inout RandomSource) throws -> ComposedLine {
        var hand = Hand(style: style, random: random)
        defer { random = hand.random }
        var strokes: [[SIMD2<Double>]] = []
        var letterOfStep: [Int] = []
        var left = 0.0
        for (index, character) in text.enumerated() {
            guard let glyph = font.glyphs[character] else {
                throw RecurrentError(
                    "the character \"\(character)\" at place \(index + 1) of \"\(text.prefix(100))\" is not in the font; "
                        + "expected some of \(String(font.characters))")
            }
            for stroke in hand.write(glyph, from: &left) {
                letterOfStep += Array(repeating: index, count: stroke.count)
                strokes.append(stroke)
            }
        }
        guard !strokes.isEmpty else {
            throw RecurrentError("the text \"\(text.prefix(100))\" has no letter with strokes; expected at least one")
        }
        return ComposedLine(
            drawing: PenDrawing(allPointsOf: strokes, text: text), letterOfStep: letterOfStep)
    }
}

/// What a hand keeps while it writes one line.
private struct Hand {
    private let style: WritingStyle
    var random: RandomSource
    private var slant = 0.0
    private var size = 1.0
    private var width = 1.0
    private var speed = 1.0
    private var spacing = 0.0
    private var rotation = 0.0
    private var baseline = 0.0
    private var tremor = SIMD2<Double>.zero

    init(style: WritingStyle, random: RandomSource) {
        self.style = style
        self.random = random
        slant = style.slant + draw(style.slantDeviation)
        size = exp(draw(style.sizeDeviation))
        width = exp(draw(style.widthDeviation))
        speed = exp(draw(style.speedDeviation))
        spacing = draw(style.spacingDeviation)
        rotation = draw(style.rotationDeviation)
        baseline = draw(style.baselineDeviation)
    }

    /// A normally distributed number.
    private mutating func draw(_ deviation: Double) -> Double {
        deviation * Double(random.truncatedNormal(count: 1)[0])
    }

    /// The points of a letter's strokes; `left` is where it begins, and then where the next one does.
    public mutating func write(_ glyph: StrokeFont.Glyph, from left: inout Double) -> [[SIMD2<Double>]] {
        let deviation = style.letterDeviation
        let letterWidth = width * exp(draw(deviation))
        let letterHeight = exp(draw(deviation))
        let letterSlant = slant + draw(deviation)
        // A walk that is drawn back to the line, with the deviation of the style.
        baseline = 0.8 * baseline + 0.6 * draw(style.baselineDeviation)
        let bends = (0..<4).map { _ in draw(style.bendDeviation) }
        let turns = random.uniform(count: 4, from: 0, to: 2 * .pi).map(Double.init)
        let begin = left
        func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
            // Slow waves, along and across, bend the letter as a whole.
            let bent = SIMD2(
                point.x + bends[0] * sin(3 * point.y + turns[0]) + bends[1] * sin(3 * point.x + turns[1]),
                point.y + bends[2] * sin(3 * point.x + turns[2]) + bends[3] * sin(3 * point.y + turns[3]))
            let y = bent.y * letterHeight
            let upright = SIMD2(begin + bent.x * letterWidth - y * letterSlant, y + baseline) * size
            return SIMD2(
                upright.x * cos(rotation) - upright.y * sin(rotation),
                upright.x * sin(rotation) + upright.y * cos(rotation))
        }
        left += glyph.advance * letterWidth + spacing + draw(style.spacingDeviation)
        return glyph.strokes.map { stroke in
            let points = timed(refined(stroke, spacing: 0.04).map(place), spacing: style.pointSpacing * speed)
            return points.map { $0 + trembling() }
        }
    }

    /// A small movement that is like the one before.
    private mutating func trembling() -> SIMD2<Double> {
        tremor = tremor * 0.6 + SIMD2(draw(style.tremorDeviation), draw(style.tremorDeviation)) * 0.8
        return tremor
    }
}

/// The points where the pen is at equal times: it is slow where the line turns, by the power of 1/3 of the curvature
/// (Lacquaniti, Terzuolo and Viviani, "The law relating the kinematic and figural aspects of drawing movements", 1983),
/// and at both ends of the stroke.
///
/// - Parameters:
///   - line: Points close together.
///   - spacing: The distance of two points at full speed.
private func timed(_ line: [SIMD2<Double>], spacing: Double) -> [SIMD2<Double>] {
    let parts = zip(line, line.dropFirst()).map { $1 - $0 }
    var (passed, turned) = ([0.0], [0.0])
    for (index, part) in parts.enumerated() {
        let before = parts[max(index - 1, 0)]
        let turn = abs(atan2(before.x * part.y - before.y * part.x, before.x * part.x + before.y * part.y))
        passed.append(passed[index] + part.length)
        turned.append(turned[index] + turn)
    }
    guard let total = passed.last, total > 0 else { return Array(line.prefix(1)) }
    let reach = 4
    let durations = parts.indices.map { index -> Double in
        let (first, last) = (max(index - reach, 0), min(index + reach, parts.count - 1) + 1)
        let way = passed[last] - passed[first]
        let curvature = way > 0 ? (turned[last] - turned[first]) / way : 0
        let toEnd = min(passed[index], total - passed[index])
        return parts[index].length * cbrt(1 + curvature) * (1 + max(0, 0.3 - toEnd))
    }
    return points(along: line, costs: durations, spacing: spacing)
}
