/// Drawings as a pen made them, one below the other where they are wide and in rows where they are not.
///
///     StrokePicture(title: "hello", drawings: [.init(strokes: [[[0, 0], [10, 4]]])], seconds: 4)
public struct StrokePicture: SVGPicture {
    /// A drawing and what stands below it.
    public struct Item: Sendable {
        /// The points of every stroke, x to the right and y downwards; those that are not finite are passed over.
        public var strokes: [[SIMD2<Double>]]
        /// What stands below; nothing where it is empty.
        public var caption: String

        /// A drawing with a caption.
        public init(strokes: [[SIMD2<Double>]], caption: String = "") {
            self.strokes = strokes
            self.caption = caption
        }
    }

    /// What colours show.
    public enum Coloring: Sendable {
        /// Nothing: one colour.
        case plain
        /// Where strokes end: each has another colour than the one before.
        case strokes
        /// Time, from the first point to the last.
        case time
    }

    /// What stands above the drawings.
    public var title: String
    /// The drawings, row after row.
    public var items: [Item]
    /// What colours show.
    public var coloring: Coloring
    /// How long the drawings draw themselves when the picture is opened, all at once and each stroke after the one
    /// before; nil for a still picture. A viewer without animation shows everything.
    public var seconds: Double?

    /// Makes a picture.
    public init(title: String, drawings: [Item], coloring: Coloring = .plain, seconds: Double? = nil) {
        self.title = title
        self.items = drawings
        self.coloring = coloring
        self.seconds = seconds
    }

    /// The drawings as an SVG document, 720 pixels wide at most.
    public func svg() -> String {
        let (gap, margin, room) = (18.0, 16.0, 688.0)
        let figures = items.map { StrokeFigure($0.strokes) }
        let isWide = figures.count { $0.width > 2.5 * $0.height } * 2 > figures.count
        let columns = isWide ? 1 : max(1, min(items.count, 6))
        let cell = isWide ? (width: room, height: 110.0) : (width: 96.0, height: 96.0)
        let width = max(2 * margin + Double(columns) * (cell.width + gap) - gap, 320)
        let titleLines = Lettering.title.wrap(title, to: width - 2 * margin, lines: 3)
        var drawing = Drawing()
        drawing.lines(titleLines, at: Point(margin, 24), .title)
        var top = 12 + Double(titleLines.count) * Lettering.title.lineHeight + 10
        for start in stride(from: 0, to: items.count, by: columns) {
            let row = start..<min(start + columns, items.count)
            let scales = row.map { figures[$0].scale(into: cell) }
            let height = zip(row, scales).map { figures[$0].height * $1 }.max() ?? 0
            var lineCount = 0
            for (column, index) in row.enumerated() {
                let left = margin + Double(column) * (cell.width + gap)
                let (figure, scale) = (figures[index], scales[column])
                let shift = isWide ? 0 : (cell.width - figure.width * scale) / 2
                let place = Point(left + shift, top + (height - figure.height * scale) / 2)
                figure.draw(&drawing, at: place, scale: scale, coloring: coloring, seconds: seconds)
                let lines = Lettering.small.wrap(items[index].caption, to: cell.width + gap - 4, lines: 2)
                let middle = Point(isWide ? left : left + cell.width / 2, top + height + 16)
                drawing.lines(lines, at: middle, .small, anchor: isWide ? .start : .middle, style: "muted")
                lineCount = max(lineCount, lines.count)
            }
            top += height + Double(lineCount) * Lettering.small.lineHeight + gap
        }
        return drawing.document(
            title: title, description: "\(items.count) drawings in pen strokes.", width: width, height: top + 4
        ) { scheme in
            let line = "fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round"
            switch coloring {
            case .plain: return [".pen{\(line);stroke:\(scheme.text.css)}"]
            case .strokes: return scheme.series.enumerated().map { ".pen\($0){\(line);stroke:\($1.css)}" }
            case .time:
                return (0..<StrokeFigure.shades).map { shade in
                    // The palest shades would not be seen on the background.
                    let fraction = 0.35 + 0.65 * Double(shade) / Double(StrokeFigure.shades - 1)
                    return ".pen\(shade){\(line);stroke:\(scheme.sequential.color(at: fraction).css)}"
                }
            }
        }
    }
}
