import Recurrent

extension StrokeFont {
    /// A plain hand: the small letters from a to z, digits, the space and `. , ' - ? !`.
    public static let plain = StrokeFont(
        glyphs: Dictionary(
            uniqueKeysWithValues: plainLetters.map { character, strokes in
                (character, PlainLetter(strokes).glyph)
            }))

    /// The strokes of each letter, separated by bars, as the points that the pen passes, x and y upwards in tenths of the
    /// height of an x. The pen goes through them smoothly but turns sharply at those marked with `!`.
    private static let plainLetters: [(Character, String)] = [
        (" ", ""),
        ("a", "8,8.5 5,10 1.3,8.3 0,4.5 1.8,0.6 4.6,0.6 7.3,3.5 8,10! 8,3 9.5,0"),
        ("b", "0,16 0,0! 0,6 3,9.8 6.7,9 8,5 6.3,1 3,0 0,1.5"),
        ("c", "8,8 5,10 1.3,8.3 0,4.7 1.8,0.8 5,0 8,1.8"),
        ("d", "8,8.5 5,10 1.3,8.3 0,4.5 1.8,0.6 4.6,0.6 7.5,3.5 8,9 8,16! 8,3 9.5,0"),
        ("e", "0.3,4.8 4,5 7.8,6 7.2,9 4.2,10 1.2,8.3 0,4.6 1.8,0.8 5,0 8,1.8"),
        ("f", "7,15 5,16 3.2,14.5 2.7,11 2.7,0 | 0,9.5 6,9.5"),
        ("g", "8,8.5 5,10 1.3,8.5 0,5 1.8,1.2 4.6,1.2 7.3,4 8,10! 8,-2.5 6.5,-5.8 3.5,-6.5 0.5,-5"),
        ("h", "0,16 0,0! 0,5 2.5,9 5.2,9.8 7.2,8 7.5,5 7.5,0"),
        ("i", "1,10 1,2.5 2.6,0 | 1,13.8"),
        ("j", "3.5,10 3.5,-3 2,-6 -0.8,-5.8 | 3.5,13.8"),
        ("k", "0,16 0,0 | 7,10 0.3,4.2! 7.5,0"),
        ("l", "0.5,16 0.5,3 1.4,0.4 3.4,0.6"),
        ("m", "0,10 0,0! 0,5 2,9 4,9.7 5.4,8 5.5,0! 5.5,5 7.5,9 9.5,9.7 10.9,8 11,0"),
        ("n", "0,10 0,0! 0,5 2.5,9 5,9.8 6.9,8 7.2,5 7.2,0"),
        ("o", "5,10 1.6,8.8 0,5 1.4,1.2 4.5,0 7.4,1.4 8.8,5.2 7.6,8.8 5,10"),
        ("p", "0,10 0,-6! 0,6 3,9.8 6.7,9 8,5 6.3,1 3,0 0,1.5"),
        ("q", "8,8.5 5,10 1.3,8.5 0,5 1.8,1.2 4.6,1.2 7.3,4 8,10! 8,-6! 10.5,-3.2"),
        ("r", "0,10 0,0! 0,4.5 1.6,8.3 4,9.9 6.3,9"),
        ("s", "7,8.6 4,10 1,9 0.8,6.6 4,5 7.2,3.2 6.8,0.9 3.5,0 0,1.4"),
        ("t", "3,15 3,3 4.2,0.4 6.6,0.8 | 0,10 6.4,10"),
        ("u", "0,10 0,4 1.4,0.7 3.8,0.2 6.4,2.2 7.2,10! 7.2,2.8 8.8,0"),
        ("v", "0,10 4,0! 8,10"),
        ("w", "0,10 3,0! 5.8,9! 8.6,0! 11.6,10"),
        ("x", "0,10 8,0 | 8,10 0,0"),
        ("y", "0,10 4.2,1 | 8,10 2,-6"),
        ("z", "0,10 7.5,10! 0,0! 8,0"),
        ("0", "5,15 1.6,12.5 0.2,7.5 1.6,2.2 5,0 8.2,2.2 9.6,7.5 8.2,12.5 5,15 | 7.6,12.6 2.4,2.4"),
        ("1", "0,11.5 3.5,15! 3.5,0"),
        ("2", "0,12 2,14.6 5,14.8 7.3,12.2 6,8.5 0,0! 8,0"),
        ("3", "0.3,13.8 3.5,15 6.8,12.8 5.8,9.3 3,8.2! 6.9,7 8,3.8 5.8,0.6 2.6,0 0,1.6"),
        ("4", "5,15 0,4.5! 8.8,4.5 | 6.4,9 6.4,0"),
        ("5", "7.5,15 1.6,15! 1,8.4! 4.5,9.3 7.8,7.2 7.8,2.8 4.6,0 0,1.4"),
        ("6", "6.8,15 2.8,11.5 0.4,6 1,1.6 4,0 7.4,1.8 7.8,5.6 5,8.4 1.9,7.2 0.6,4.6"),
        ("7", "0,15 8,15! 3,0 | 2.2,7.5 8,7.5"),
        ("8", "7.4,12.4 4.5,15 1.2,12.6 2.5,9.2 6,6.6 8,3.4 4.5,0 0.6,3.2 2.5,6.8 6.4,9.4 7.4,12.4"),
        ("9", "7.8,12 4.6,15 1,13 0.8,9.6 4,7.6 7,9 7.8,13! 7.6,5 6.4,0"),
        (".", "0.5,0.2"),
        (",", "1.6,1 1.5,-1.2 0.2,-3.2"),
        ("'", "1,16 0.5,12.3"),
        ("-", "0,5 5.5,5"),
        ("?", "0,13 2,15.6 5.3,15.6 7.3,13 5.8,9.8 3.7,7.6 3.5,4.6 | 3.5,0.2"),
        ("!", "0.5,16 0.5,5 | 0.5,0.2"),
    ]
}

/// A letter in the notation of the plain hand.
private struct PlainLetter {
    let strokes: [[(point: SIMD2<Double>, isCorner: Bool)]]

    init(_ notation: String) {
        strokes = notation.split(separator: "|").map { stroke in
            stroke.split(separator: " ").map { point in
                let isCorner = point.last == "!"
                let numbers = (isCorner ? point.dropLast() : point).split(separator: ",").compactMap { Double($0) }
                require(numbers.count == 2, "\(point) is no point of a letter")
                return (SIMD2(numbers[0] / 10, -numbers[1] / 10), isCorner)
            }
        }
    }

    var glyph: StrokeFont.Glyph {
        let bearing = 0.18
        let right = strokes.joined().map(\.point.x).max() ?? 0.45
        let lines = strokes.map { stroke in Self.smooth(stroke).map { $0 + SIMD2(bearing, 0) } }
        return .init(advance: right + 2 * bearing, strokes: lines)
    }

    /// The line through the points of a stroke, smooth between corners.
    private static func smooth(_ stroke: [(point: SIMD2<Double>, isCorner: Bool)]) -> [SIMD2<Double>] {
        var line: [SIMD2<Double>] = []
        var run: [SIMD2<Double>] = []
        for (index, place) in stroke.enumerated() {
            run.append(place.point)
            guard place.isCorner || index == stroke.count - 1 else { continue }
            line += curve(through: run).dropFirst(line.isEmpty ? 0 : 1)
            run = [place.point]
        }
        return line
    }

    /// A curve through the points: a cubic Hermite spline whose parameter runs with the root of the distance, so that it
    /// has no loops (Catmull and Rom 1974; Yuksel, Schaefer and Keyser, "On the parameterization of Catmull-Rom curves",
    /// 2009).
    private static func curve(through points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        guard points.count > 2 else { return points }
        let isClosed = points.first == points.last
        // Beyond an open end the line goes on as it was.
        let before = isClosed ? points[points.count - 2] : points[0] * 2 - points[1]
        let after = isClosed ? points[1] : points[points.count - 1] * 2 - points[points.count - 2]
        let all = [before] + points + [after]
        var line = [points[0]]
        for index in 1..<(all.count - 2) {
            let (p0, p1, p2, p3) = (all[index - 1], all[index], all[index + 1], all[index + 2])
            let (t1, t2, t3) = (
                (p1 - p0).length.squareRoot(), (p2 - p1).length.squareRoot(), (p3 - p2).length.squareRoot()
            )
            let m1 = ((p1 - p0) / t1 - (p2 - p0) / (t1 + t2) + (p2 - p1) / t2) * t2
            let m2 = ((p2 - p1) / t2 - (p3 - p1) / (t2 + t3) + (p3 - p2) / t3) * t2
            for part in 1...8 {
                let t = Double(part) / 8
                let (square, cube) = (t * t, t * t * t)
                let ends = p1 * (2 * cube - 3 * square + 1) + p2 * (3 * square - 2 * cube)
                line.append(ends + m1 * (cube - 2 * square + t) + m2 * (cube - square))
            }
        }
        return line
    }
}
