/// A drawing's strokes with the rectangle around them, ready to be put into a picture.
struct StrokeFigure {
    /// How many colours tell the time.
    static let shades = 8

    /// The points of each stroke; the top left of all is the origin.
    private let strokes: [[Point]]
    package let width: Double
    let height: Double

    init(_ strokes: [[SIMD2<Double>]]) {
        let finite = strokes.map { stroke in
            stroke.filter { abs($0.x) <= 1e12 && abs($0.y) <= 1e12 }
        }.filter { !$0.isEmpty }
        let points = finite.joined()
        let (left, top) = (points.map(\.x).min() ?? 0, points.map(\.y).min() ?? 0)
        self.strokes = finite.map { stroke in stroke.map { Point($0.x - left, $0.y - top) } }
        width = (points.map(\.x).max() ?? 0) - left
        height = (points.map(\.y).max() ?? 0) - top
    }

    /// What the drawing is multiplied by to fill a cell in one direction.
    func scale(into cell: (width: Double, height: Double)) -> Double {
        guard width > 0 || height > 0 else { return 1 }
        return min(width > 0 ? cell.width / width : .infinity, height > 0 ? cell.height / height : .infinity)
    }

    func draw(
        _ drawing: inout Drawing, at place: Point, scale: Double, coloring: StrokePicture.Coloring, seconds: Double?
    ) {
        let total = strokes.reduce(0) { $0 + $1.count }
        var begun = 0
        for (index, stroke) in strokes.enumerated() {
            for part in parts(stroke, begun: begun, total: total, coloring: coloring) {
                var path = PathData()
                path.line(
                    through: stroke[part].map { Point(place.x + $0.x * scale, place.y + $0.y * scale) })
                let style: String
                switch coloring {
                case .plain: style = "pen"
                case .strokes: style = "pen\(index % ColorScheme.light.series.count)"
                case .time: style = "pen\(shade(begun + part.lowerBound, total))"
                }
                guard let seconds else {
                    drawing.path(path, style: style)
                    continue
                }
                let times = (
                    Double(begun + part.lowerBound) / Double(total), Double(begun + part.upperBound) / Double(total)
                )
                let isDot = part.count == 1
                drawing.path(
                    path, style: style, attributes: isDot ? "" : " pathLength=\"1\" stroke-dasharray=\"1 1.2\"",
                    content: Self.animation(isDot: isDot, from: times.0, to: times.1, seconds: seconds))
            }
            begun += stroke.count
        }
    }

    /// Where a stroke is cut so that each part has one colour; each part begins with the last point of the one before.
    private func parts(
        _ stroke: [Point], begun: Int, total: Int, coloring: StrokePicture.Coloring
    ) -> [Range<Int>] {
        guard coloring == .time, stroke.count > 1 else { return [0..<stroke.count] }
        var parts: [Range<Int>] = []
        var start = 0
        for index in 1..<stroke.count where index > start {
            let isLast = index == stroke.count - 1
            if isLast || shade(begun + index, total) != shade(begun + start, total) {
                parts.append(start..<(index + 1))
                start = index
            }
        }
        return parts
    }

    private func shade(_ index: Int, _ total: Int) -> Int { index * Self.shades / max(total, 1) }

    /// A line is shown from its beginning on by the gap of its dashes, which leaves it; a dot, which has no length,
    /// appears.
    private static func animation(isDot: Bool, from begin: Double, to end: Double, seconds: Double) -> String {
        func fraction(_ value: Double) -> String {
            let parts = Int((min(max(value, 0), 1) * 10000).rounded())
            guard (1..<10000).contains(parts) else { return parts == 0 ? "0" : "1" }
            let digits = String(parts)
            return "0." + String(repeating: "0", count: 4 - digits.count) + digits
        }
        let attribute = isDot ? "opacity" : "stroke-dashoffset"
        let values = isDot ? "0;0;1;1" : "1.1;1.1;0;0"
        let times = isDot ? [0, begin, begin, 1] : [0, begin, end, 1]
        return "<animate attributeName=\"\(attribute)\" values=\"\(values)\""
            + " keyTimes=\"\(times.map(fraction).joined(separator: ";"))\" dur=\"\(Drawing.number(max(seconds, 0.1)))s\""
            + " fill=\"freeze\"/>"
    }
}
