/// Small grey pictures in rows, each with a caption, such as the digits that a network took for others.
public struct ImageGrid: SVGPicture {
    /// A grey picture.
    public struct Image: Sendable {
        /// The brightness of the pixels, 0 (black) to 1 (white), row after row.
        public var pixels: [Double]
        /// How many pixels a row has.
        public var width: Int
        /// What stands below.
        public var caption: String

        /// A picture of `pixels.count / width` rows.
        public init(pixels: [Double], width: Int, caption: String) {
            require(
                width > 0 && pixels.count % width == 0,
                "\(pixels.count) pixels do not make rows of \(width)")
            self.pixels = pixels
            self.width = width
            self.caption = caption
        }

        var height: Int { pixels.count / width }
    }

    /// What stands above the pictures.
    public var title: String
    /// The pictures, row after row.
    public var images: [Image]

    /// Pictures in rows.
    public init(title: String, images: [Image]) {
        self.title = title
        self.images = images
    }

    /// The pictures as an SVG document, at most 720 pixels wide.
    public func svg() -> String {
        let (side, gap, margin) = (ImageGrid.side, 14.0, 16.0)
        let columns = max(1, min(images.count, 7))
        let width = max(2 * margin + Double(columns) * (side + gap) - gap, 320)
        let titleLines = Lettering.title.wrap(title, to: width - 2 * margin, lines: 3)
        var drawing = Drawing()
        drawing.lines(titleLines, at: Point(margin, 24), .title)
        var top = 12 + Double(titleLines.count) * Lettering.title.lineHeight + 10
        for start in stride(from: 0, to: images.count, by: columns) {
            let row = images[start..<min(start + columns, images.count)]
            var lineCount = 0
            for (column, image) in row.enumerated() {
                let place = Point(margin + Double(column) * (side + gap), top)
                image.draw(&drawing, at: place, side: side)
                let lines = Lettering.small.wrap(image.caption, to: side + gap - 4, lines: 2)
                drawing.lines(lines, at: Point(place.x + side / 2, top + side + 12), .small, anchor: .middle)
                lineCount = max(lineCount, lines.count)
            }
            top += side + Double(lineCount) * Lettering.small.lineHeight + 14
        }
        return drawing.document(
            title: title, description: "\(images.count) small pictures with captions.", width: width, height: top
        ) { scheme in
            [".pixels{fill:none;stroke-width:1}", ".frame{fill:none;stroke:\(scheme.axis.css)}"]
        }
    }

    /// The side of the square that each picture fits into, in pixels.
    private static let side = 84.0
}

extension ImageGrid.Image {
    /// How many greys there are.
    private static let levels = 16

    /// Draws the picture into a square: a ground of its commonest grey, then one path for each of the others.
    fileprivate func draw(_ drawing: inout Drawing, at place: Point, side: Double) {
        guard height > 0 else { return }
        let scale = side / Double(max(width, height))
        let greys = pixels.map { pixel in
            Int((min(max(pixel.isFinite ? pixel : 0, 0), 1) * Double(Self.levels - 1)).rounded())
        }
        var counts = Array(repeating: 0, count: Self.levels)
        for grey in greys { counts[grey] += 1 }
        let ground = counts.firstIndex(of: counts.max() ?? 0) ?? 0
        let frame = Rectangle(
            left: place.x + (side - scale * Double(width)) / 2, top: place.y + (side - scale * Double(height)) / 2,
            width: scale * Double(width), height: scale * Double(height))
        var paths = Array(repeating: PathData(), count: Self.levels)
        for row in 0..<height {
            let line = greys[(row * width)..<((row + 1) * width)]
            var start = line.startIndex
            while start < line.endIndex {
                let grey = line[start]
                let end = line[start...].firstIndex { $0 != grey } ?? line.endIndex
                paths[grey].level(
                    from: Point(Double(start - line.startIndex), Double(row)), length: Double(end - start))
                start = end
            }
        }
        // Runs are lines through the middle of their pixels: with whole numbers the file is smaller.
        drawing.group(at: Point(frame.left, frame.top + scale / 2), scale: scale) { drawing in
            var whole = PathData()
            whole.rectangle(Rectangle(left: 0, top: -0.5, width: Double(width), height: Double(height)))
            drawing.path(whole, style: "ground", attributes: " fill=\"\(Self.color(ground).css)\"")
            for (grey, path) in paths.enumerated() where grey != ground {
                let attributes = " stroke=\"\(Self.color(grey).css)\" shape-rendering=\"crispEdges\""
                drawing.path(path, style: "pixels", attributes: attributes)
            }
        }
        drawing.rectangle(frame, style: "frame")
    }

    private static func color(_ grey: Int) -> Color {
        Color(from: 0x000000, to: 0xFFFFFF, fraction: Double(grey) / Double(levels - 1))
    }
}
