import RecurrentData

/// A composed line's raster with the class of every column.
struct LabelledRaster {
    let raster: StrokeRaster
    private(set) var classes: [Int32]

    init(_ line: ComposedLine, _ characters: [Character]) {
        raster = LineReader.raster(line.drawing)
        classes = Array(repeating: 0, count: raster.width)
        let points = line.drawing.strokes.joined().map { $0.x * LineReader.scale + raster.origin.x }
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
