import Recurrent

/// A drawing as a small grey picture, in lines whose edges are smooth.
///
/// The drawing's left edge is the left edge of the picture, and the middle of its ink the middle of the height; what is
/// beyond the upper and lower edges is cut off.
package struct StrokeRaster: Equatable, Sendable {
    /// The most columns that are made; what is beyond is cut off.
    package static let mostColumns = 1 << 14

    /// The width in pixels, at least 1.
    package let width: Int
    /// The height in pixels.
    package let height: Int
    /// How much of a pixel is covered, 0 to 1, column by column: [width, height].
    package private(set) var ink: [Float]
    /// Where the drawing's origin lies, in pixels from the top left corner.
    package let origin: SIMD2<Double>

    /// Draws the lines.
    ///
    /// - Parameters:
    ///   - drawing: The strokes; points that are not finite are passed over.
    ///   - scale: The pixels of one unit of the drawing.
    ///   - height: The height in pixels.
    ///   - lineWidth: The width of the lines in pixels.
    package init(_ drawing: PenDrawing, scale: Double, height: Int, lineWidth: Double) {
        require(
            scale > 0 && height > 0 && lineWidth > 0,
            "a raster of scale \(scale), height \(height) and line width \(lineWidth); expected more than 0")
        let bound = 1e9
        let strokes = drawing.strokes.map { stroke in
            stroke.map { $0 * scale }.filter { abs($0.x) <= bound && abs($0.y) <= bound }
        }.filter { !$0.isEmpty }
        let segments = strokes.flatMap { stroke in zip(stroke, stroke.dropFirst().isEmpty ? stroke[...] : stroke[1...])
        }
        var (length, moment) = (0.0, 0.0)
        for (start, end) in segments {
            // A dot counts as a line of its width.
            let own = max((end - start).length, lineWidth)
            length += own
            moment += own * (start.y + end.y) / 2
        }
        let edge = lineWidth / 2 + 1
        let points = strokes.joined()
        let left = (points.map(\.x).min() ?? 0) - edge
        let right = (points.map(\.x).max() ?? 0) + edge
        width = max(1, Int(min((right - left).rounded(.up), Double(Self.mostColumns))))
        self.height = height
        origin = SIMD2(-left, Double(height) / 2 - (length > 0 ? moment / length : 0))
        ink = Array(repeating: 0, count: width * height)
        for (start, end) in segments { draw(start + origin, end + origin, radius: lineWidth / 2) }
    }

    /// The ink of a column, from the top.
    package func column(_ index: Int) -> ArraySlice<Float> {
        require(index >= 0 && index < width, "column \(index) of \(width)")
        return ink[index * height..<(index + 1) * height]
    }

    /// Covers the pixels whose middle lies within the radius, and partly those half a pixel further.
    private mutating func draw(_ start: SIMD2<Double>, _ end: SIMD2<Double>, radius: Double) {
        func pixels(_ first: Double, _ second: Double, _ count: Int) -> Range<Int> {
            let low = Int(min(max(min(first, second) - radius - 1, 0), Double(count)))
            let high = Int(min(max(max(first, second) + radius + 1, 0), Double(count)).rounded(.up))
            return low..<max(low, high)
        }
        let rows = pixels(start.y, end.y, height)
        let line = end - start
        let square = line.x * line.x + line.y * line.y
        for column in pixels(start.x, end.x, width) {
            let x = Double(column) + 0.5 - start.x
            for row in rows {
                // The distance of `segmentDistance`, written out: this is the innermost loop.
                let y = Double(row) + 0.5 - start.y
                let fraction = square > 0 ? min(max((x * line.x + y * line.y) / square, 0), 1) : 0
                let (dx, dy) = (x - fraction * line.x, y - fraction * line.y)
                let coverage = Float(radius + 0.5 - (dx * dx + dy * dy).squareRoot())
                let place = column * height + row
                if coverage > ink[place] { ink[place] = min(coverage, 1) }
            }
        }
    }
}
