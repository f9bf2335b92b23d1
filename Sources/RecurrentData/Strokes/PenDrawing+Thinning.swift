import Recurrent

extension PenDrawing {
    /// The drawing with fewer points: no point that is left out lies further than the tolerance from the line that
    /// remains (Ramer 1972, Douglas and Peucker 1973). The ends of strokes stay.
    ///
    /// - Parameter tolerance: The distance, 0 or more, in the drawing's own units.
    public func simplified(tolerance: Double) -> PenDrawing {
        require(tolerance >= 0, "a tolerance of \(tolerance); expected 0 or more")
        return redrawn { thinned($0, tolerance: tolerance) }
    }

    /// The drawing with points at equal distances along each stroke. The ends of strokes stay; the distance is as near to
    /// the wished one as a whole number of parts allows.
    ///
    /// - Parameter spacing: The distance, above 0, in the drawing's own units.
    public func resampled(spacing: Double) -> PenDrawing {
        require(spacing > 0, "a spacing of \(spacing); expected more than 0")
        return redrawn { line in
            points(along: line, costs: zip(line, line.dropFirst()).map { ($1 - $0).length }, spacing: spacing)
        }
    }

    /// The drawing with other points for each stroke, the first of which stays where it is.
    private func redrawn(_ transform: ([SIMD2<Double>]) -> [SIMD2<Double>]) -> PenDrawing {
        var drawing = PenDrawing(strokes: strokes.map(transform), text: text)
        if let first = steps.first { (drawing.steps[0].dx, drawing.steps[0].dy) = (first.dx, first.dy) }
        return drawing
    }
}

private func thinned(_ points: [SIMD2<Double>], tolerance: Double) -> [SIMD2<Double>] {
    guard points.count > 2 else { return points }
    var isKept = Array(repeating: false, count: points.count)
    (isKept[0], isKept[points.count - 1]) = (true, true)
    // A worklist: strokes may be longer than the stack is deep.
    var open = [(0, points.count - 1)]
    while let (first, last) = open.popLast() {
        var (farthest, distance) = (first, tolerance)
        for index in (first + 1)..<max(last, first + 1) {
            let away = segmentDistance(of: points[index], toSegmentFrom: points[first], to: points[last])
            if away > distance { (farthest, distance) = (index, away) }
        }
        if farthest != first {
            isKept[farthest] = true
            open += [(first, farthest), (farthest, last)]
        }
    }
    return zip(points, isKept).filter(\.1).map(\.0)
}

/// A line with points close together: those it has, and others between them.
func refined(_ line: [SIMD2<Double>], spacing: Double) -> [SIMD2<Double>] {
    guard let first = line.first else { return [] }
    return zip(line, line.dropFirst()).reduce(into: [first]) { refined, ends in
        let parts = max(1, Int(((ends.1 - ends.0).length / spacing).rounded(.up)))
        for part in 1...parts { refined.append(ends.0 + (ends.1 - ends.0) * (Double(part) / Double(parts))) }
    }
}

/// Points along a line that cost the same from one to the next, its ends among them.
///
/// - Parameters:
///   - line: Its points.
///   - costs: What each part between two points costs, 0 or more: a length, or a time.
///   - spacing: The wished cost between two points; taken is the nearest that divides the whole.
func points(along line: [SIMD2<Double>], costs: [Double], spacing: Double) -> [SIMD2<Double>] {
    let total = costs.reduce(0, +)
    guard let first = line.first, let last = line.last, total > 0 else { return line }
    let parts = max(1, Int(min((total / spacing).rounded(), 1e6)))
    var result = [first]
    var (segment, passed) = (0, 0.0)
    for part in 1...parts where part < parts {
        let place = total * Double(part) / Double(parts)
        while segment < costs.count - 1, passed + costs[segment] < place {
            passed += costs[segment]
            segment += 1
        }
        let fraction = costs[segment] == 0 ? 0 : min((place - passed) / costs[segment], 1)
        result.append(line[segment] + (line[segment + 1] - line[segment]) * fraction)
    }
    return result + [last]
}

extension SIMD2<Double> {
    /// The distance from the origin.
    var length: Double { (x * x + y * y).squareRoot() }
}

/// The distance of a point from the nearest one of a straight line between two others.
func segmentDistance(of point: SIMD2<Double>, toSegmentFrom start: SIMD2<Double>, to end: SIMD2<Double>) -> Double {
    let (line, own) = (end - start, point - start)
    let square = line.x * line.x + line.y * line.y
    guard square > 0 else { return own.length }
    let fraction = min(max((own.x * line.x + own.y * line.y) / square, 0), 1)
    return (own - line * fraction).length
}
