/// The outline of a path in SVG's notation.
struct PathData {
    private(set) var text = ""

    /// Begins a new line at a point.
    mutating func move(to point: Point) {
        text += "M" + PathData.pair(point)
    }

    /// Goes straight to a point.
    mutating func line(to point: Point) {
        text += "L" + PathData.pair(point)
    }

    /// Goes to a point on a cubic Bézier curve.
    mutating func curve(_ first: Point, _ second: Point, to point: Point) {
        text += "C\(PathData.pair(first)) \(PathData.pair(second)) \(PathData.pair(point))"
    }

    /// Goes back to where the line began.
    mutating func close() {
        text += "Z"
    }

    /// Adds a line through the points; a single point becomes a dot where the line's ends are round.
    mutating func line(through points: [Point]) {
        guard let first = points.first else { return }
        move(to: first)
        if points.count == 1 { text += "h0" }
        for point in points.dropFirst() { line(to: point) }
    }

    /// Adds a level line of a length.
    mutating func level(from point: Point, length: Double) {
        text += "M\(PathData.pair(point))h\(Drawing.number(length))"
    }

    /// Adds a closed polygon.
    mutating func polygon(_ corners: [Point]) {
        line(through: corners)
        close()
    }

    /// Adds a rectangle.
    mutating func rectangle(_ rectangle: Rectangle) {
        level(from: Point(rectangle.left, rectangle.top), length: rectangle.width)
        text += "v\(Drawing.number(rectangle.height))h\(Drawing.number(-rectangle.width))Z"
    }

    private static func pair(_ point: Point) -> String {
        "\(Drawing.number(point.x)) \(Drawing.number(point.y))"
    }
}
