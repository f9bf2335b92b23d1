import Recurrent

/// A composed line's raster with the class of every column.
package struct LabelledRaster {
    package let raster: StrokeRaster
    /// 0 for nothing, and n for the character n - 1.
    package private(set) var classes: [Int32]

    /// Labels a line's raster, which was drawn with so many pixels to a unit.
    package init(_ line: ComposedLine, _ characters: [Character], as raster: StrokeRaster, scale: Double) {
        self.raster = raster
        classes = Array(repeating: 0, count: raster.width)
        let points = line.drawing.strokes.joined().map { $0.x * scale + raster.origin.x }
        var extents: [Int: ClosedRange<Double>] = [:]
        for (letter, x) in zip(line.letterOfStep, points) {
            let known = extents[letter] ?? x...x
            extents[letter] = min(known.lowerBound, x)...max(known.upperBound, x)
        }
        let text = Array(line.drawing.text ?? "")
        for (index, character) in text.enumerated() {
            guard let number = characters.firstIndex(of: character) else { continue }
            if let extent = extents[index] {
                mark(extent, as: number + 1)
            } else if let before = extents[index - 1], let after = extents[index + 1] {
                let middle = (before.upperBound + after.lowerBound) / 2
                mark(middle...middle, as: number + 1)
            }
        }
    }

    /// Gives the class to the middle of an extent: two fifths of it, and three columns at least.
    private mutating func mark(_ extent: ClosedRange<Double>, as number: Int) {
        let middle = (extent.lowerBound + extent.upperBound) / 2
        let reach = max(1, (extent.upperBound - extent.lowerBound) / 5)
        let (first, last) = (Int((middle - reach).rounded(.down)), Int((middle + reach).rounded(.down)))
        for column in first...last where classes.indices.contains(column) { classes[column] = Int32(number) }
    }
}

extension StrokeRaster {
    /// The columns of rasters side by side, [time, batch, height], and their numbers.
    package static func columns(_ rasters: [StrokeRaster]) -> (values: Tensor, lengths: [Int]) {
        let lengths = rasters.map(\.width)
        let (time, height) = (lengths.max() ?? 1, rasters.first?.height ?? 1)
        var values = [Float](repeating: 0, count: time * rasters.count * height)
        for (place, raster) in rasters.enumerated() {
            for column in 0..<raster.width {
                let start = (column * rasters.count + place) * height
                values.replaceSubrange(start..<start + height, with: raster.column(column))
            }
        }
        return (Tensor(values, shape: [time, rasters.count, height]), lengths)
    }
}
